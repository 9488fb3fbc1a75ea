/** What a request carries to say who asks. Never logged. */
export interface Credential {
  /** Authorization, and as whom to act. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** PEM. */
  readonly cert?: string;
  readonly key?: string;
}

/** How one user logs in. Both methods reject with a ClusterProblem of kind `login` or `configuration`. */
export interface Login {
  current(): Promise<Credential>;
  /**
   * After the server has refused a credential: another one, or undefined when there is none to be had now. Asked by
   * several requests at once it logs in once.
   */
  renew(refused: Credential): Promise<Credential | undefined>;
}
