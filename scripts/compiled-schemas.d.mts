import type { Metafile } from 'esbuild';

export function buildValidators(root: string): Promise<{ readonly metafile: Metafile }>;
