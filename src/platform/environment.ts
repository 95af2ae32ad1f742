/** What the process was started with. */
export interface Environment {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly workingDirectory: string;
  /** Absolute; undefined if the user has none. */
  readonly homeDirectory: string | undefined;
  /** undefined on Windows. */
  readonly uid: number | undefined;
  readonly umask: number;
  readonly hostName: string;
  readonly pid: number;
  readonly platform: string;
  /** The directory of this package: `starter.bundle` and `package.json` are found from it. */
  readonly packageDirectory: string;
}
