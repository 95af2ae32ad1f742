import type { Metafile } from 'esbuild';

export interface BundledPackage {
  readonly directory: string;
  readonly manifest: { readonly name: string; readonly version: string };
  readonly licence: string;
  readonly uses: ReadonlySet<BundledPackage>;
}

export function bundledPackages(
  root: string,
  metafiles: readonly Pick<Metafile, 'inputs' | 'outputs'>[],
  besides: readonly string[],
): { readonly own: BundledPackage; readonly others: readonly BundledPackage[] };
