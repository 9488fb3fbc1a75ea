import type { Preview } from '#core/preview/model.ts';
import type { SchemaOrigin } from '#core/schema/catalog.ts';

/** Place in a text as LSP counts: line and UTF-16 character, both from 0. */
export interface ProtocolPosition {
  readonly line: number;
  readonly character: number;
}

/** A custom request: its method, and the types of its parameters and result, which exist for the compiler only. */
export interface CustomRequest<Params, Result> {
  readonly method: string;
  readonly types?: { readonly params: Params; readonly result: Result };
}

/** A custom notification: its method and the type of its parameters. */
export interface CustomNotification<Params> {
  readonly method: string;
  readonly types?: { readonly params: Params };
}

export interface DocumentPlaceParams {
  readonly textDocument: { readonly uri: string };
  readonly position: ProtocolPosition;
}

/** The object under the cursor and the schema it is checked with. */
export interface SchemaSourceResult {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent when no source knows the kind: nothing but its YAML is checked then. */
  readonly origin?: SchemaOrigin;
  /** For people: `Strimzi 1.2.0`, `Kubernetes 1.34`, the path of a CRD file. */
  readonly sourceName?: string;
  readonly documentation?: string;
  readonly deprecation?: string;
  /** Minor version of Kubernetes the findings are for. */
  readonly kubernetesVersion: string;
}

/** The schema of the document under the cursor; null when there is no Kubernetes object. */
export const schemaSourceRequest: CustomRequest<DocumentPlaceParams, SchemaSourceResult | null> = {
  method: 'dataClusters/schemaSource',
};

export interface KnownKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly origin: SchemaOrigin;
  readonly sourceName: string;
}

/** Every kind that is known now, the sources that win first. */
export const listKindsRequest: CustomRequest<Record<string, never>, readonly KnownKind[]> = {
  method: 'dataClusters/listKinds',
};

export interface FixAllParams {
  readonly textDocument: { readonly uri: string };
}

export interface FixAllResult {
  /** The whole text after all preferred fixes. */
  readonly text: string;
  /** How many fixes were made; 0 when the text is as it was. */
  readonly applied: number;
  /** Version of the document the text was made from. */
  readonly version: number;
}

/** The text of an open document with every preferred fix made; null when the document is not open. */
export const fixAllRequest: CustomRequest<FixAllParams, FixAllResult | null> = {
  method: 'dataClusters/fixAll',
};

export interface MigrateParams {
  readonly textDocument: { readonly uri: string };
}

export interface MigrateResult {
  /** The whole text with every manifest in it migrated that can be. */
  readonly text: string;
  /** Version of the document the text was made from. */
  readonly version: number;
  /** How many manifests were migrated. */
  readonly migrated: number;
  /** For each that stays as it is, `Kafka/orders` and why. */
  readonly refused: readonly { readonly object: string; readonly reason: string }[];
}

/** What `data-clusters migrate` would make of an open document; null when the document is not open. */
export const migrateRequest: CustomRequest<MigrateParams, MigrateResult | null> = {
  method: 'dataClusters/migrate',
};

export interface CheckTextParams {
  /** A file whose settings and configuration count for the text. */
  readonly uri: string;
  readonly text: string;
}

/** Something that is wrong in a text no file holds. */
export interface CheckedFinding {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'hint';
  readonly message: string;
  readonly range: { readonly start: ProtocolPosition; readonly end: ProtocolPosition };
}

/** What is wrong in a text that was made, such as rendered templates; each object is looked at alone. */
export const checkTextRequest: CustomRequest<CheckTextParams, readonly CheckedFinding[]> = {
  method: 'dataClusters/checkText',
};

/** An object as manifests and clusters name it. */
export interface ObjectIdentity {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent when the manifest names none. */
  readonly namespace?: string;
  readonly name: string;
}

/** The object of the document under the cursor; null when there is none that has a name. */
export const objectAtRequest: CustomRequest<DocumentPlaceParams, ObjectIdentity | null> = {
  method: 'dataClusters/objectAt',
};

/** Where a file of the workspace names an object. */
export interface ObjectPlace {
  readonly uri: string;
  readonly range: { readonly start: ProtocolPosition; readonly end: ProtocolPosition };
}

/** The files that define an object, whatever the version of its kind; those that name its namespace first. */
export const definitionOfRequest: CustomRequest<ObjectIdentity, readonly ObjectPlace[]> = {
  method: 'dataClusters/definitionOf',
};

/** What comes of a document; `line` counts from 0. */
export type PreviewedDocument =
  | { readonly state: 'preview'; readonly preview: Preview }
  | { readonly state: 'broken'; readonly why: string; readonly line: number }
  | { readonly state: 'other'; readonly what: string };

export interface PreviewResult {
  /** Version of the text it was computed from. */
  readonly version: number;
  /** The document the cursor is in, from 0, and how many the file has. */
  readonly index: number;
  readonly count: number;
  /** One, and for a List one for each of its objects. */
  readonly documents: readonly PreviewedDocument[];
}

/** What the operator will create of the document at the cursor; null when the file is not open. */
export const previewRequest: CustomRequest<DocumentPlaceParams, PreviewResult | null> = {
  method: 'dataClusters/preview',
};

/** What only the editor knows. Sent in `initializationOptions` and again whenever it changes. */
export interface ClientState {
  /** Whether another extension checks Kubernetes YAML in this editor. */
  readonly otherValidators: boolean;
}

export const clientStateNotification: CustomNotification<ClientState> = {
  method: 'dataClusters/clientState',
};

/** Scheme of the documents that show objects of live clusters: the server helps with them, and keeps them out of the workspace. */
export const LIVE_SCHEME = 'data-clusters-live';

/** A CustomResourceDefinition as it is served. */
export interface ClusterDefinition {
  readonly name: string;
  /** The definition as JSON; only what describes its kinds. */
  readonly json: string;
}

/** What the chosen cluster knows, for checks of manifests that are meant for it. */
export interface ClusterSchemas {
  /** Name of the context, for people. */
  readonly context: string;
  /** Minor version of the cluster, `1.34`. */
  readonly kubernetesVersion: string;
  readonly definitions: readonly ClusterDefinition[];
}

/** Null when no cluster is chosen any more. Sent again when a server starts anew. */
export const clusterSchemasNotification: CustomNotification<{ readonly schemas: ClusterSchemas | null }> = {
  method: 'dataClusters/clusterSchemas',
};

export type ServerActivity = 'idle' | 'readingWorkspace';

export interface ServerStatus {
  readonly activity: ServerActivity;
  /** Files whose CRDs are used. */
  readonly crdFiles: number;
  /** Context of the cluster whose version and definitions are used; absent when none is chosen. */
  readonly cluster?: string;
  /** Problems with schemas or settings that a user should see in the status item. */
  readonly problems: readonly string[];
}

/** Sent by the server when what it knows of the workspace has changed. */
export const serverStatusNotification: CustomNotification<ServerStatus> = {
  method: 'dataClusters/serverStatus',
};

/**
 * Options of `initialize`. Everything is optional, so that any client that speaks LSP can start the server.
 * `settings` has the shape of the `dataClusters` section, for clients without `workspace/configuration`.
 */
export interface InitializationOptions extends Partial<ClientState> {
  readonly settings?: unknown;
  /** Sends `dataClusters/serverStatus` when true; other clients would log it as unknown. */
  readonly wantsStatus?: boolean;
  /** The client has the command `dataClusters.fixAll`, so that lenses may name it. */
  readonly fixAllCommand?: boolean;
}
