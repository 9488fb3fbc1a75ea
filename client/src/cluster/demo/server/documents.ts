import type { KubeObject } from '../simulation/objects.ts';

/** Texts of objects. Objects are never changed, so a text is made once however many watch it. */
const whole = new WeakMap<KubeObject, string>();
const partial = new WeakMap<KubeObject, string>();

export type ObjectText = (object: KubeObject) => string;

/** Whether only metadata is wanted, by the Accept header. */
export function textFor(accept: string): ObjectText {
  return accept.includes('as=PartialObjectMetadata') ? metadataText : objectText;
}

function objectText(object: KubeObject): string {
  let text = whole.get(object);
  if (text === undefined) whole.set(object, (text = JSON.stringify(object)));
  return text;
}

function metadataText(object: KubeObject): string {
  let text = partial.get(object);
  if (text === undefined) {
    text = JSON.stringify({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata });
    partial.set(object, text);
  }
  return text;
}
