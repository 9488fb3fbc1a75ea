import type { LiveMember } from '#core/live/model.ts';
import { at, listOf, textAt } from '#core/systems/kafka/live/json.ts';
import type { ObjectReader } from '#core/systems/kafka/live/reader.ts';

/** The settings a broker runs with, as far as its pod tells them: variables, scripts, options and files. */
export interface BrokerSettings {
  /** By the name of the property. */
  get(property: string): Promise<string | undefined>;
  /** A variable itself, or the file that `NAME_FILE` names. */
  variable(name: string): Promise<string | undefined>;
  /** The text of a file in the container that comes from a Secret or ConfigMap, and its neighbours there. */
  file(
    path: string,
  ): Promise<{ readonly text: string | undefined; readonly beside: ReadonlyMap<string, string> } | undefined>;
}

export async function readSettings(member: LiveMember, reader: ObjectReader): Promise<BrokerSettings> {
  const pod = await reader.pod(member.name);
  const container = listOf(at(pod, 'spec', 'containers')).find((one) => textAt(one, 'name') === member.container);
  const command = listOf(at(container, 'command'))
    .concat(listOf(at(container, 'args')))
    .map(String)
    .join('\n');
  const file = (path: string): ReturnType<BrokerSettings['file']> => readMountedFile(path, pod, container, reader);
  const variable = async (name: string): Promise<string | undefined> => {
    const own = await readVariable(name, container, reader);
    if (own !== undefined) return own;
    const path = await readVariable(`${name}_FILE`, container, reader);
    return path === undefined ? undefined : (await file(path))?.text?.trim();
  };
  const properties = lazy(() => readPropertyFiles(pod, reader));
  return {
    variable,
    file,
    async get(property) {
      for (const prefix of ['KAFKA_CFG_', 'KAFKA_']) {
        // The first that is set counts.
        const value =
          (await variable(`${prefix}${variableOf(property)}`)) ?? exported(command, `${prefix}${variableOf(property)}`);
        if (value !== undefined && value !== '') return value;
      }
      return overridden(command, property) ?? (await properties()).get(property);
    },
  };
}

function lazy<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** `ssl.client.auth` is `SSL_CLIENT_AUTH`; a dash is three underscores, an underscore two. */
function variableOf(property: string): string {
  return property.replaceAll('_', '__').replaceAll('-', '___').replaceAll('.', '_').toUpperCase();
}

function exported(command: string, name: string): string | undefined {
  const [, value] = new RegExp(`\\b${name}=["']?([^"'\\s]*)`).exec(command) ?? [];
  return value === undefined || value.startsWith('$') ? undefined : value;
}

function overridden(command: string, property: string): string | undefined {
  const name = property.replaceAll('.', '\\.');
  return new RegExp(`--override[=\\s]+${name}=["']?([^"'\\s]*)`).exec(command)?.[1];
}

async function readVariable(name: string, container: unknown, reader: ObjectReader): Promise<string | undefined> {
  const entry = listOf(at(container, 'env')).findLast((one) => textAt(one, 'name') === name);
  if (entry !== undefined) {
    const value = at(entry, 'value');
    return typeof value === 'string' ? value : readSource(at(entry, 'valueFrom'), reader);
  }
  for (const source of listOf(at(container, 'envFrom')).toReversed()) {
    const key = name.slice(textAt(source, 'prefix').length);
    const kind = at(source, 'secretRef') === undefined ? 'configMapRef' : 'secretRef';
    // The last that has it counts.
    const value = (await readMap(kind, textAt(source, kind, 'name'), reader))?.get(key);
    if (value !== undefined) return value;
  }
  return undefined;
}

async function readSource(source: unknown, reader: ObjectReader): Promise<string | undefined> {
  const kind = at(source, 'secretKeyRef') === undefined ? 'configMapKeyRef' : 'secretKeyRef';
  return (await readMap(kind, textAt(source, kind, 'name'), reader))?.get(textAt(source, kind, 'key'));
}

async function readMap(
  kind: string,
  name: string,
  reader: ObjectReader,
): Promise<ReadonlyMap<string, string> | undefined> {
  if (name === '') return undefined;
  return kind.startsWith('secret') ? reader.secret(name) : reader.configMap(name);
}

/** The longest mount path that the file is under tells its volume; without `subPath` and `items` the key is the name of the file. */
async function readMountedFile(
  path: string,
  pod: unknown,
  container: unknown,
  reader: ObjectReader,
): ReturnType<BrokerSettings['file']> {
  const mounts = listOf(at(container, 'volumeMounts')).filter((mount) => isUnder(path, textAt(mount, 'mountPath')));
  const mount = mounts.toSorted((a, b) => textAt(b, 'mountPath').length - textAt(a, 'mountPath').length)[0];
  const volume = listOf(at(pod, 'spec', 'volumes')).find((one) => textAt(one, 'name') === textAt(mount, 'name'));
  const secret = textAt(volume, 'secret', 'secretName');
  const data = await readMap(
    secret === '' ? 'configMapRef' : 'secretRef',
    secret || textAt(volume, 'configMap', 'name'),
    reader,
  );
  if (!data) return undefined;
  const items = listOf(at(volume, secret === '' ? 'configMap' : 'secret', 'items'));
  const name = textAt(mount, 'subPath') || path.slice(textAt(mount, 'mountPath').length).replace(/^\/+/, '');
  const key = items.find((item) => textAt(item, 'path') === name);
  return { text: data.get(key === undefined ? name : textAt(key, 'key')), beside: data };
}

function isUnder(path: string, mountPath: string): boolean {
  return (
    mountPath !== '' && (path === mountPath || path.startsWith(mountPath.endsWith('/') ? mountPath : `${mountPath}/`))
  );
}

/** Files of settings in the ConfigMaps of the pod, whatever they are called. */
async function readPropertyFiles(pod: unknown, reader: ObjectReader): Promise<ReadonlyMap<string, string>> {
  const names = listOf(at(pod, 'spec', 'volumes')).map((volume) => textAt(volume, 'configMap', 'name'));
  const maps = await Promise.all(
    names.filter((name) => name !== '').map((name) => reader.configMap(name).catch(() => new Map<string, string>())),
  );
  const files = maps.flatMap((map) =>
    [...map].filter(([key]) => /(?:server|broker|kafka)[\w.-]*\.properties$/.test(key)),
  );
  return new Map(files.flatMap(([, text]) => parseProperties(text)));
}

export function parseProperties(text: string): readonly (readonly [string, string])[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, name, value] = /^\s*([^\s#!=:][^\s=:]*)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
}
