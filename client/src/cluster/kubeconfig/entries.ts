/** One entry under `clusters`. Paths are absolute. */
export interface ClusterEntry {
  readonly server: string;
  /** PEM in Base64. */
  readonly caData?: string;
  readonly caFile?: string;
  readonly isInsecure: boolean;
  /** The name the server's certificate is checked for, when it is not that of the address. */
  readonly serverName?: string;
  readonly proxyUrl?: string;
  readonly refusesCompression: boolean;
  /** What the login plugin is told besides the address, from the extension `client.authentication.k8s.io/exec`. */
  readonly execConfig?: unknown;
}

/** A login plugin: a program that prints an ExecCredential. */
export interface ExecEntry {
  readonly apiVersion: string;
  /** A name for the PATH, or an absolute path. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly installHint?: string;
  readonly wantsClusterInfo: boolean;
  readonly interactiveMode: string;
}

/** Somebody else as whom the API server is asked to act. */
export interface ImpersonationEntry {
  readonly user: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** One entry under `users`. Paths are absolute. */
export interface UserEntry {
  readonly certData?: string;
  readonly certFile?: string;
  readonly keyData?: string;
  readonly keyFile?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly impersonation?: ImpersonationEntry;
  readonly exec?: ExecEntry;
  /** The old way of plugins: its name and settings, of which only `oidc` can still be used. */
  readonly authProvider?: { readonly name: string; readonly config: Readonly<Record<string, string>> };
}

/** One entry under `contexts`. */
export interface ContextEntry {
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string;
}

/** A file that cannot be used, in one sentence. */
export interface FileProblemEntry {
  readonly file: string;
  readonly problem: string;
}

/** One file, or several as one. */
export interface Kubeconfig {
  readonly current: string | undefined;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  readonly problems: readonly FileProblemEntry[];
}
