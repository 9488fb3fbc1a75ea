import { commandIds, type CommandId } from '#client/contributions.ts';
import type { ServerState } from '#client/server/supervisor.ts';
import { inNotification, inPick } from '#client/ui/untrusted.ts';
import type { SchemaSourceResult, ServerStatus } from '#core/protocol.ts';
import type { SchemaOrigin } from '#core/schema/catalog.ts';

export interface StatusInput {
  readonly server: ServerState;
  /** null: no object stands at the cursor; undefined: not known yet. */
  readonly source: SchemaSourceResult | null | undefined;
  readonly status: ServerStatus | undefined;
}

export type StatusSeverity = 'information' | 'warning' | 'error';

export interface StatusText {
  readonly text: string;
  readonly detail: string;
  readonly severity: StatusSeverity;
  readonly busy: boolean;
  readonly action: { readonly title: string; readonly command: CommandId };
}

/** What the status item says. `source.sourceName` of a workspace schema is shown as it is, so give it a short path. */
export function describeStatus(input: StatusInput): StatusText {
  const { server } = input;
  if (server.kind === 'running') return withProblems(withCluster(describeRunning(input), input.status), input.status);
  if (server.kind === 'failed') {
    return notRunning('Stopped', `The language server ended ${server.ends} times.`, 'error');
  }
  if (server.kind === 'stopped') {
    return notRunning('Stopped', 'The language server does not run.', 'information');
  }
  return { ...running('Starting', 'The language server starts.'), busy: true };
}

const changeSchemas = { title: 'Change', command: commandIds.showSchemaSource };
const restart = { title: 'Restart', command: commandIds.restartServer };

function notRunning(text: string, detail: string, severity: StatusSeverity): StatusText {
  return { text, detail, severity, busy: false, action: restart };
}

function running(text: string, detail: string): StatusText {
  return { text, detail, severity: 'information', busy: false, action: changeSchemas };
}

function describeRunning({ source, status }: StatusInput): StatusText {
  const busy = status?.activity === 'readingWorkspace' || source === undefined;
  if (!source) return { ...running('Data Clusters', 'No object stands at the cursor.'), busy };
  const { kind, apiVersion, origin, sourceName, kubernetesVersion } = source;
  const object = `${apiVersion} ${kind}, findings for Kubernetes ${kubernetesVersion}`;
  if (origin === undefined) {
    const text = `No schema for ${kind}`;
    const detail = `${object}. Only what holds for every object is checked.`;
    return { ...running(text, detail), severity: 'warning', busy };
  }
  const detail = source.deprecation === undefined ? object : `${object}. ${source.deprecation}`;
  return { ...running(nameSource(origin, sourceName ?? kind), detail), busy };
}

const originTexts: Readonly<Record<SchemaOrigin, (name: string) => string>> = {
  bundled: (name) => `${name} (bundled)`,
  workspace: (name) => `workspace: ${name}`,
  cluster: (name) => `cluster: ${inPick(name)}`,
};

function nameSource(origin: SchemaOrigin, name: string): string {
  return originTexts[origin](name);
}

/** Which cluster counts, also where the schema at the cursor comes from elsewhere. */
function withCluster(text: StatusText, status: ServerStatus | undefined): StatusText {
  if (status?.cluster === undefined) return text;
  return { ...text, detail: `${text.detail}\nCluster chosen for checks: ${inNotification(status.cluster)}` };
}

/** Problems with schemas and settings must not go unseen, but do not hide what the item is there for. */
function withProblems(text: StatusText, status: ServerStatus | undefined): StatusText {
  const problems = status?.problems ?? [];
  if (problems.length === 0) return text;
  return { ...text, severity: 'warning', detail: [text.detail, ...problems].join('\n') };
}
