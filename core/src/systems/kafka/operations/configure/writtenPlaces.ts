import { objectsOf, listAt, textAt, textsAt, valueAt, type JsonObject } from '#core/json.ts';
import { takesVariables, variablePrefix } from '#core/systems/kafka/brokerEnvironment.ts';
import type { ObjectReader } from '#core/systems/kafka/live/reader.ts';
import { parseSettings } from '#core/systems/kafka/operations/configure/settingTexts.ts';
import { variableOf } from '#core/systems/tables.ts';

/** Where a workload gives its brokers a setting, or would have to. */
export type WrittenPlace =
  /** A line of a file in a ConfigMap. */
  | { readonly kind: 'file'; readonly configMap: string; readonly key: string; readonly value: string | undefined }
  /** A key of a ConfigMap that becomes a variable. */
  | { readonly kind: 'variable'; readonly configMap: string; readonly key: string; readonly value: string | undefined }
  /** A variable in the pod template itself. */
  | {
      readonly kind: 'template';
      readonly container: string;
      readonly variable: string;
      readonly value: string | undefined;
    }
  /** Not to be changed from here; a sentence without its end. */
  | { readonly kind: 'fixed'; readonly why: string };

export interface BrokerTemplate {
  /** Pod template of the workload, as the server sent it. */
  readonly template: JsonObject;
  /** Name of the container that runs the broker. */
  readonly container: string;
}

/**
 * Looks where the broker itself would find it: options of its command win over variables, and those over files. What is written nowhere
 * belongs where its neighbours are: in the one file there is, else among the variables of a ConfigMap, else in the template.
 * Whether the place was the right one is told by the broker after its restart.
 */
export async function findWrittenPlace(
  name: string,
  { template, container: containerName }: BrokerTemplate,
  reader: ObjectReader,
): Promise<WrittenPlace> {
  const container = objectsOf(valueAt(template, 'spec', 'containers')).find(
    (one) => textAt(one, 'name') === containerName,
  );
  if (!container) return { kind: 'fixed', why: `the template has no container ${containerName}` };
  const command = [...textsAt(container, 'command'), ...textsAt(container, 'args')].join('\n');
  const variable = variableOf(variablePrefix(textAt(container, 'image')), name);
  if (isInCommand(command, name, variable)) return { kind: 'fixed', why: 'it is set by the command of the container' };
  const byVariable = takesVariables(command);
  const written = byVariable ? await writtenVariable(variable, container, reader) : undefined;
  if (written) return written;
  const files = await readFiles(template, container, command, reader);
  const holders = files.filter(({ settings }) => settings.has(name));
  if (holders.length > 1) return { kind: 'fixed', why: `several files set it: ${namesOf(holders)}` };
  const [holder] = holders;
  if (holder) return { kind: 'file', configMap: holder.configMap, key: holder.key, value: holder.settings.get(name) };
  if (files.length > 1) return { kind: 'fixed', why: `there are several files it could be put in: ${namesOf(files)}` };
  const [only] = files;
  if (only) return { kind: 'file', configMap: only.configMap, key: only.key, value: undefined };
  return byVariable
    ? newVariable(variable, container, reader)
    : { kind: 'fixed', why: 'no file of settings was found' };
}

function isInCommand(command: string, name: string, variable: string): boolean {
  const option = new RegExp(`--override[=\\s]+["']?${escapeRegExp(name)}=`);
  return option.test(command) || new RegExp(`\\b${variable}=`).test(command);
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

async function writtenVariable(
  variable: string,
  container: JsonObject,
  reader: ObjectReader,
): Promise<WrittenPlace | undefined> {
  const entry = objectsOf(valueAt(container, 'env')).findLast((one) => textAt(one, 'name') === variable);
  if (entry) return placeOfVariable(variable, entry, container, reader);
  for (const source of objectsOf(valueAt(container, 'envFrom')).toReversed()) {
    const prefix = textAt(source, 'prefix');
    const configMap = textAt(source, 'configMapRef', 'name');
    const secret = textAt(source, 'secretRef', 'name');
    if (!variable.startsWith(prefix)) continue;
    const key = variable.slice(prefix.length);
    // The last that has it counts, so they are read one by one.
    if (secret !== '' && (await keysOfSecret(secret, reader)).has(key))
      return { kind: 'fixed', why: `it is in the Secret ${secret}` };
    const value = configMap === '' ? undefined : (await reader.configMap(configMap)).get(key);
    if (value !== undefined) return { kind: 'variable', configMap, key, value };
  }
  return undefined;
}

/** Who may not read a Secret cannot know; then the broker tells after its restart that the value is another. */
async function keysOfSecret(name: string, reader: ObjectReader): Promise<ReadonlySet<string>> {
  try {
    return new Set((await reader.secret(name)).keys());
  } catch {
    return new Set();
  }
}

async function placeOfVariable(
  variable: string,
  entry: JsonObject,
  container: JsonObject,
  reader: ObjectReader,
): Promise<WrittenPlace> {
  const configMap = textAt(entry, 'valueFrom', 'configMapKeyRef', 'name');
  const key = textAt(entry, 'valueFrom', 'configMapKeyRef', 'key');
  if (configMap !== '')
    return { kind: 'variable', configMap, key, value: (await reader.configMap(configMap)).get(key) };
  if (valueAt(entry, 'valueFrom') !== undefined)
    return { kind: 'fixed', why: `the variable ${variable} is filled from elsewhere` };
  return { kind: 'template', container: textAt(container, 'name'), variable, value: textAt(entry, 'value') };
}

/** Beside the other variables that are settings. */
async function newVariable(variable: string, container: JsonObject, reader: ObjectReader): Promise<WrittenPlace> {
  const start = variablePrefix(textAt(container, 'image'));
  for (const source of objectsOf(valueAt(container, 'envFrom'))) {
    const configMap = textAt(source, 'configMapRef', 'name');
    const prefix = textAt(source, 'prefix');
    if (configMap === '' || !variable.startsWith(prefix)) continue;
    const keys = [...(await reader.configMap(configMap)).keys()];
    if (keys.some((key) => `${prefix}${key}`.startsWith(start)))
      return { kind: 'variable', configMap, key: variable.slice(prefix.length), value: undefined };
  }
  return { kind: 'template', container: textAt(container, 'name'), variable, value: undefined };
}

interface SettingsFile {
  readonly configMap: string;
  readonly key: string;
  readonly settings: ReadonlyMap<string, string>;
}

const USUAL_FILE = /^(?:server|broker|kafka|kraft)[\w.-]*\.properties$/;

/** Files in ConfigMaps that the container, or what prepares it, has mounted: the one its command names, else those of usual names. */
async function readFiles(
  template: JsonObject,
  container: JsonObject,
  command: string,
  reader: ObjectReader,
): Promise<readonly SettingsFile[]> {
  const preparing = objectsOf(valueAt(template, 'spec', 'initContainers'));
  const mounted = new Set(
    [container, ...preparing].flatMap((one) => listAt(one, 'volumeMounts').map((mount) => textAt(mount, 'name'))),
  );
  const configMaps = objectsOf(valueAt(template, 'spec', 'volumes'))
    .filter((volume) => mounted.has(textAt(volume, 'name')))
    .map((volume) => textAt(volume, 'configMap', 'name'))
    .filter((name) => name !== '');
  const files: SettingsFile[] = [];
  for (const configMap of new Set(configMaps)) {
    for (const [key, text] of await reader.configMap(configMap))
      if (key.endsWith('.properties')) files.push({ configMap, key, settings: parseSettings(text) });
  }
  const named = files.filter(({ key }) => command.includes(`/${key}`));
  return named.length > 0 ? named : files.filter(({ key }) => USUAL_FILE.test(key));
}

function namesOf(files: readonly SettingsFile[]): string {
  return files.map(({ configMap, key }) => `${key} in ${configMap}`).join(', ');
}
