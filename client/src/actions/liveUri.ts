import { LIVE_SCHEME } from '#core/protocol.ts';
import type { ObjectTarget } from '#core/live/target.ts';

/** What stands for the namespace of objects that have none; no namespace can be called so. */
const NO_NAMESPACE = '_';

/**
 * The path that stands for an object, in the order in which people narrow down: `/prod-eu/prod/Kafka/kafkas.v1.kafka.strimzi.io/orders.yaml`.
 * It holds everything that is needed to find the object again, also after the editor was closed. Each part is encoded for itself.
 */
export function pathOfObject({ context, address, apiKind }: ObjectTarget): string {
  const { group, version, plural, namespaced, namespace, name } = address;
  const place = namespaced ? namespace : NO_NAMESPACE;
  return ['', context, place, apiKind, `${plural}.${version}.${group}`, `${name}.yaml`].map(encodePart).join('/');
}

/** The object a path stands for; undefined when it is no such path. */
export function readObjectPath(path: string): ObjectTarget | undefined {
  const [root, context, place, apiKind, resource = '', file = '', ...rest] = path.split('/').map(decodePart);
  const [, plural = '', version = '', group = ''] = /^([^.]+)\.([^.]+)\.(.*)$/.exec(resource) ?? [];
  const name = file.replace(/\.yaml$/, '');
  if (root !== '' || !context || !place || !apiKind || plural === '' || name === file || name === '' || rest.length > 0)
    return undefined;
  const namespaced = place !== NO_NAMESPACE;
  const address = { group, version, plural, namespaced, namespace: namespaced ? place : '', name };
  return { kind: 'object', context, apiKind, address };
}

export function isLiveScheme(scheme: string): boolean {
  return scheme === LIVE_SCHEME;
}

/** Only what would end a part or be read as an escape; the rest stays readable in tabs and breadcrumbs. */
function encodePart(text: string): string {
  const encoded = text.replaceAll(/[%/\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return encoded === '.' || encoded === '..' ? encoded.replaceAll('.', '%2E') : encoded;
}

function decodePart(text: string): string {
  return text.replaceAll(/%([\dA-F]{2})/g, (_escape, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
