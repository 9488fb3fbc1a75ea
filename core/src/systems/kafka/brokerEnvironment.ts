import type { NodeView } from '#core/lint/rules/view.ts';
import { makeConfig, type BrokerConfig, type Setting } from '#core/systems/kafka/brokerConfig.ts';
import { writtenText } from '#core/systems/documentFacts.ts';
import { repositoryOf } from '#core/systems/recognition.ts';

/** How an image makes the settings of the broker from its environment. */
interface ImageHabit {
  readonly image: RegExp;
  /** Of variables that become settings. */
  readonly prefix: string;
  /** The whole configuration comes from variables, as long as nobody brings a file. */
  readonly isWhole: boolean;
  /** What the image sets when nobody else does. */
  readonly defaults?: Readonly<Record<string, string>>;
}

const HABITS: readonly ImageHabit[] = [
  { image: /(?:^|\/)apache\/kafka(?:-native)?$/, prefix: 'KAFKA_', isWhole: true },
  {
    image: /(?:^|\/)cp-(?:kafka|server)$/,
    prefix: 'KAFKA_',
    isWhole: true,
    defaults: { 'log.dirs': '/var/lib/kafka/data' },
  },
  { image: /(?:^|\/)bitnami(?:legacy)?\/kafka$/, prefix: 'KAFKA_CFG_', isWhole: false },
  { image: /./, prefix: 'KAFKA_', isWhole: false },
];

/** Variables that start scripts read themselves. */
const NO_SETTING =
  /^KAFKA_(?:HEAP_OPTS|OPTS|JVM_PERFORMANCE_OPTS|GC_LOG_OPTS|JMX_\w+|LOG4J_\w+|TOOLS_LOG4J_LOGLEVEL|VERSION|HOME|DEBUG|CLUSTER_ID|KRAFT_CLUSTER_ID|\w+_FILENAME|\w+_CREDENTIALS|CFG_\w+)$/;

/** Start scripts of the images, which turn variables into settings. */
const START_SCRIPT =
  /\/etc\/(?:kafka|confluent)\/docker\/run\b|\/opt\/bitnami\/scripts\/kafka\/(?:run|entrypoint)\.sh\b/;
const CONFIG_PATH = /^\/(?:mnt\/shared|etc\/kafka|etc\/confluent|opt\/kafka\/config)(?!\/secrets)(?:\/|$)/;
/** A script that runs others may set anything. */
const OPAQUE = /\b(?:source|eval|sed -i|envsubst)\b|(?:^|[\s;&])\. \S/;

const ORDINAL_LABEL = /^metadata\.labels\['apps\.kubernetes\.io\/pod-index'\]$/;
const ORDINAL_SCRIPT = /^["']?\$\{HOSTNAME##\*-\}["']?$/;

/**
 * The settings a container gives its broker: by variables, and on the command line with `--override`. What a script computes is known to
 * be set, but not to what. Undefined when it cannot be told what the container runs.
 */
export function readBrokerEnvironment(container: NodeView): BrokerConfig | undefined {
  const image = container.field('image').text;
  const words = ['command', 'args'].flatMap((list) => container.field(list).items);
  const isReadable = words.every((word) => writtenText(word) !== undefined) && !container.isOpen;
  const habit = image === undefined ? undefined : HABITS.find((row) => row.image.test(repositoryOf(image)));
  if (!habit || !isReadable) return undefined;
  const script = words.map((word) => writtenText(word) ?? '').join('\n');
  const isByVariables = takesVariables(script);
  const settings = [
    ...(isByVariables ? [...readVariables(container, habit.prefix), ...readExports(words, habit.prefix)] : []),
    ...words.flatMap(readOverrides),
  ];
  const isComplete = isByVariables && habit.isWhole && settings.length > 0 && isClosed(container, script);
  return makeConfig([...imageDefaults(habit, container, isComplete), ...settings], isComplete);
}

/** How the variables begin that the start script of an image makes settings from. */
export function variablePrefix(image: string): string {
  return HABITS.find((row) => row.image.test(repositoryOf(image)))?.prefix ?? 'KAFKA_';
}

/** Whether the container runs the start script of its image, which makes settings from variables; `command` with its arguments. */
export function takesVariables(command: string): boolean {
  return command.trim() === '' || START_SCRIPT.test(command);
}

function imageDefaults({ defaults = {} }: ImageHabit, container: NodeView, isComplete: boolean): Setting[] {
  if (!isComplete) return [];
  const at = container.field('image');
  return Object.entries(defaults).map(([name, value]) => ({ name, written: name, value, at }));
}

function isClosed(container: NodeView, script: string): boolean {
  const mounts = container.field('volumeMounts');
  const bringsFile = mounts.items.some((mount) => CONFIG_PATH.test(mount.field('mountPath').text ?? '/etc/kafka'));
  const lists = [container.field('env'), mounts];
  return (
    container.field('envFrom').isAbsent && !bringsFile && !OPAQUE.test(script) && lists.every((list) => !list.isOpen)
  );
}

function readVariables(container: NodeView, prefix: string): Setting[] {
  return container.field('env').items.flatMap((variable): Setting[] => {
    const written = variable.field('name').text;
    const name = written === undefined ? undefined : propertyOf(written, prefix);
    if (written === undefined || name === undefined) return [];
    const value = variable.field('value');
    if (value.isPresent) return [{ name, written, value: fixedText(value.text), at: value }];
    const source = variable.field('valueFrom');
    const isOrdinal = ORDINAL_LABEL.test(source.at('fieldRef', 'fieldPath').text ?? '');
    return [{ name, written, value: source.isAbsent ? '' : undefined, isOrdinal, at: variable.field('name') }];
  });
}

/** `export KAFKA_NODE_ID="${HOSTNAME##*-}"` in a script. */
function readExports(words: readonly NodeView[], prefix: string): Setting[] {
  return words.flatMap((at) =>
    [...(writtenText(at) ?? '').matchAll(/\b(KAFKA_[A-Z0-9_]+)=([^\s;&|]*)/g)].flatMap(
      ([, written = '', value = '']): Setting[] => {
        const name = propertyOf(written, prefix);
        return name === undefined
          ? []
          : [{ name, written, value: undefined, isOrdinal: ORDINAL_SCRIPT.test(value), at }];
      },
    ),
  );
}

function readOverrides(at: NodeView, index: number, words: readonly NodeView[]): Setting[] {
  const before = words[index - 1];
  const isOwnWord = before !== undefined && writtenText(before) === '--override';
  const pattern = isOwnWord ? /^()([\w.-]+)=(.*)$/g : /--override(=|\s+)([\w.-]+)=("[^"]*"|'[^']*'|\S*)/g;
  return [...(writtenText(at) ?? '').matchAll(pattern)].map(([, , name = '', value = '']) => ({
    name,
    written: name,
    value: fixedText(value.replaceAll(/^["']|["']$/g, '')),
    at,
  }));
}

/** `KAFKA_MIN_INSYNC_REPLICAS` is `min.insync.replicas`; two underscores stand for one, three for a dash. */
function propertyOf(variable: string, prefix: string): string | undefined {
  if (!variable.startsWith(prefix) || (prefix === 'KAFKA_' && NO_SETTING.test(variable))) return undefined;
  const signs: Readonly<Record<number, string>> = { 1: '.', 2: '_', 3: '-' };
  const name = variable.slice(prefix.length).toLowerCase();
  return name.replaceAll(/_+/g, (run) => signs[run.length] ?? run);
}

/** A text that stays as it is: `$(POD_NAME)` and `${HOSTNAME}` do not. */
function fixedText(text: string | undefined): string | undefined {
  return text?.includes('$') === true ? undefined : text;
}
