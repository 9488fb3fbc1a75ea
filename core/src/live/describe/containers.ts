import { table, timeWithAge, type Row } from '#core/live/describe/layout.ts';
import { plainText } from '#core/live/plainText.ts';
import { isSetAt, type JsonObject, listAt, numberAt, objectAt, textAt, timeAt } from '#core/json.ts';

/** The containers of a pod, or of the template of a workload, with what they do now. */
export function containerLines(object: JsonObject, now: number): readonly string[] {
  const spec =
    textAt(object, 'kind') === 'Pod' ? objectAt(object, 'spec') : objectAt(object, 'spec', 'template', 'spec');
  const states = [
    ...listAt(object, 'status', 'initContainerStatuses'),
    ...listAt(object, 'status', 'containerStatuses'),
  ];
  const lists = [
    { items: listAt(spec, 'initContainers'), note: ' (runs before the others)' },
    { items: listAt(spec, 'containers'), note: '' },
  ];
  return lists.flatMap(({ items, note }) =>
    items.flatMap((container) => {
      const name = textAt(container, 'name');
      const state = states.find((status) => textAt(status, 'name') === name);
      return [`${plainText(name)}${note}`, ...table([...stateRows(state, now), ...specRows(container)], '  ')];
    }),
  );
}

function stateRows(status: unknown, now: number): readonly Row[] {
  if (status === undefined) return [];
  const restarts = numberAt(status, 'restartCount') ?? 0;
  return [
    ['State', stateText(objectAt(status, 'state'), now)],
    ['Last end', stateText(objectAt(status, 'lastState'), now)],
    ['Ready', isSetAt(status, 'ready') ? 'yes' : 'no'],
    ['Restarts', restarts === 0 ? '' : String(restarts)],
  ];
}

function stateText(state: JsonObject, now: number): string {
  if ('running' in state) return join(['running since', timeWithAge(timeAt(state, 'running', 'startedAt'), now)], ' ');
  if ('waiting' in state)
    return join(['waiting', textAt(state, 'waiting', 'reason'), textAt(state, 'waiting', 'message')]);
  const ended = objectAt(state, 'terminated');
  if (Object.keys(ended).length === 0) return '';
  const at = timeWithAge(timeAt(ended, 'finishedAt'), now);
  const code = `exit code ${numberAt(ended, 'exitCode') ?? 'unknown'}`;
  return join(['ended', textAt(ended, 'reason'), code, at, textAt(ended, 'message')]);
}

function specRows(container: unknown): readonly Row[] {
  const words = [...listAt(container, 'command'), ...listAt(container, 'args')].map(String);
  return [
    ['Image', textAt(container, 'image')],
    ['Command', words.join(' ')],
    ['Ports', listAt(container, 'ports').map(portText).join(', ')],
    ['Requests', amounts(objectAt(container, 'resources', 'requests'))],
    ['Limits', amounts(objectAt(container, 'resources', 'limits'))],
    ['Variables', listAt(container, 'env').map(variableText)],
    [
      'Mounts',
      listAt(container, 'volumeMounts').map((mount) => `${textAt(mount, 'mountPath')} from ${textAt(mount, 'name')}`),
    ],
  ];
}

function portText(port: unknown): string {
  const name = textAt(port, 'name');
  return `${numberAt(port, 'containerPort') ?? ''}${name === '' ? '' : ` (${name})`}`;
}

function amounts(object: JsonObject): string {
  return Object.entries(object)
    .map(([name, amount]) => `${name} ${String(amount)}`)
    .join(', ');
}

/** Names that promise a secret: their values are left out even where they stand in the open. */
export const SECRET_NAME = /pass|secret|token|credential|private|api_?key|access_?key/i;

function variableText(variable: unknown): string {
  const name = textAt(variable, 'name');
  const from = objectAt(variable, 'valueFrom');
  for (const [source, title] of variableSources) {
    const reference = objectAt(from, source);
    if (Object.keys(reference).length > 0)
      return `${name} from ${title} ${textAt(reference, 'name')} ${textAt(reference, 'key')}`.trim();
  }
  if (Object.keys(from).length > 0) return `${name} from the pod`;
  return SECRET_NAME.test(name) ? `${name} (hidden)` : `${name}=${textAt(variable, 'value')}`;
}

const variableSources = [
  ['secretKeyRef', 'the Secret'],
  ['configMapKeyRef', 'the ConfigMap'],
] as const;

function join(texts: readonly string[], between = ', '): string {
  return texts.filter((text) => text !== '').join(between);
}
