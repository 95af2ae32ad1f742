import { redact } from './redact.ts';

/** Credentials with a recognisable form: keys of services, tokens, private keys. */
const forms = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/,
  /\b(?:gh[oprsu]_|github_pat_|glpat-)[\w-]{20,}/,
  /\bsk-[\w-]{20,}/,
  /\bxox[abeoprs]-[\w-]{10,}/,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/,
  /\bAIza[\w-]{35}/,
  /\beyJ[\w-]{8,1024}\.[\w-]{8,8192}\.[\w-]{8,}/,
  /\b(?:bearer|basic)\s+[\w.~+/-]{16,}/i,
];

/** Whether a text holds something in the form of a known credential; others are not detected. */
export function looksSecret(text: string): boolean {
  return forms.some((form) => form.test(text)) || redact(text) !== text;
}
