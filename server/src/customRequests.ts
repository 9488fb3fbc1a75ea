import type { Connection } from 'vscode-languageserver';
import { formatApiVersion } from '#core/kubernetes/identity.ts';
import { checkFile, fixFile } from '#core/lint/check.ts';
import { migrateText } from '#core/migrate/migrateText.ts';
import {
  checkTextRequest,
  fixAllRequest,
  listKindsRequest,
  migrateRequest,
  schemaSourceRequest,
  type CheckedFinding,
  type CheckTextParams,
  type DocumentPlaceParams,
  type FixAllParams,
  type FixAllResult,
  type KnownKind,
  type MigrateParams,
  type MigrateResult,
  type SchemaSourceResult,
} from '#core/protocol.ts';
import type { SchemaCatalog } from '#core/schema/catalog.ts';
import { LineIndex } from '#core/text/lines.ts';
import { findSlice } from '#core/yaml/documents.ts';
import type { DocumentView } from '#core/language/view.ts';
import type { AnalyzedSlice } from '#core/lint/engine.ts';
import type { Boundary } from '#server/boundary.ts';
import { placeOf, type Environments } from '#server/environments.ts';

/** Answers the requests that our own client sends beyond LSP; see core/src/protocol.ts. */
export function serveCustomRequests(connection: Connection, boundary: Boundary, environments: Environments): void {
  connection.onRequest<SchemaSourceResult | null, never>(
    schemaSourceRequest.method,
    boundary.documentRequest('Schema source', null, async (document, { position }: DocumentPlaceParams) => {
      const view = environments.view(document, await environments.of(document.uri));
      return describeSource(view, view.lines.offsetAt(position));
    }),
  );
  connection.onRequest<readonly KnownKind[], never>(
    listKindsRequest.method,
    boundary.request('List of kinds', async (): Promise<readonly KnownKind[]> => {
      const { engine } = await environments.of('untitled:kinds');
      return engine.context.catalog.all().map((kind) => ({
        apiVersion: formatApiVersion(kind),
        kind: kind.kind,
        origin: kind.origin,
        sourceName: kind.sourceName,
      }));
    }),
  );
  connection.onRequest<FixAllResult | null, never>(
    fixAllRequest.method,
    boundary.documentRequest('Fix all', null, async (document, _params: FixAllParams): Promise<FixAllResult | null> => {
      const environment = await environments.of(document.uri);
      const fixed = fixFile(document.getText(), environment.engine, placeOf(document.uri, environment));
      return { ...fixed, version: document.version };
    }),
  );
  connection.onRequest<readonly CheckedFinding[], never>(
    checkTextRequest.method,
    boundary.request('Check of a text', async ({ uri, text }: CheckTextParams): Promise<readonly CheckedFinding[]> => {
      const { engine } = await environments.of(uri);
      const lines = new LineIndex(text);
      return checkFile(text, engine).findings.map(({ code, severity, message, range }) => ({
        code,
        severity,
        message,
        range: lines.toPositions(range),
      }));
    }),
  );
  connection.onRequest<MigrateResult | null, never>(
    migrateRequest.method,
    boundary.documentRequest(
      'Migrate',
      null,
      async (document, _params: MigrateParams): Promise<MigrateResult | null> => {
        const { engine } = await environments.of(document.uri);
        return describeMigration(document.getText(), document.version, engine.context.catalog);
      },
    ),
  );
}

function describeMigration(before: string, version: number, catalog: SchemaCatalog): MigrateResult {
  const { text, documents } = migrateText(before, { catalog });
  const refused = documents.flatMap(({ resource, refusal }) =>
    refusal === undefined ? [] : [{ object: `${resource.kind}/${resource.name}`, reason: refusal }],
  );
  return { text, version, refused, migrated: documents.length - refused.length };
}

function describeSource(view: DocumentView, offset: number): SchemaSourceResult | null {
  const { slices } = view.checked.analysis;
  const found = findSlice(slices, offset);
  const slice: AnalyzedSlice | undefined = found && slices[found.index];
  const resource = slice?.analysis.resource;
  if (!slice || !resource) return null;
  const { kind } = slice.analysis;
  return {
    apiVersion: resource.apiVersion,
    kind: resource.kind,
    kubernetesVersion: view.engine.context.settings.kubernetesVersion,
    ...(kind ? { origin: kind.origin, sourceName: kind.sourceName } : {}),
    ...(kind?.documentation === undefined ? {} : { documentation: kind.documentation }),
    ...(kind?.deprecation === undefined ? {} : { deprecation: kind.deprecation }),
  };
}
