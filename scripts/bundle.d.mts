export interface Bundle {
  /** Packages that the bundle still imports. */
  readonly externals: ReadonlyArray<string>
  /** Files and folders that the sources find beside themselves, as paths in the repository. */
  readonly data: ReadonlyArray<string>
}

export declare const bundle: (root: string, outdir: string) => Promise<Bundle>
