export interface StarterRelease {
  readonly version: string;
  readonly commit: string;
}

export function buildStarter(
  outputPath: string,
  options?: { readonly source?: string },
): StarterRelease[];
