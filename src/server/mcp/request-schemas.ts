import {
  CallToolRequestSchema,
  GetPromptRequestSchema,
  InitializeRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  SetLevelRequestSchema,
  type JSONRPCRequest,
} from '@modelcontextprotocol/sdk/types.js';

const schemas = [
  InitializeRequestSchema,
  SetLevelRequestSchema,
  ListToolsRequestSchema,
  CallToolRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ReadResourceRequestSchema,
  ListPromptsRequestSchema,
  GetPromptRequestSchema,
];

/**
 * What is wrong with the parameters of a request, in one sentence; undefined for nothing. The SDK
 * would call it an error of the server.
 */
export function problemOfRequest(request: JSONRPCRequest): string | undefined {
  const schema = schemas.find(({ shape }) => shape.method.value === request.method);
  const parsed = schema?.safeParse(request);
  if (parsed === undefined || parsed.success) return undefined;
  const [issue] = parsed.error.issues;
  return `${issue?.path.join('.') ?? 'params'}: ${issue?.message ?? 'does not fit'}.`;
}
