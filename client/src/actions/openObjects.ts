import type { SecretDisplay } from '#core/live/edit/secretValues.ts';
import { renderObject } from '#core/live/edit/shownObject.ts';
import type { JsonObject } from '#core/live/ports.ts';

/** An object as it was last read, and the text it is shown as. */
export interface OpenObject {
  readonly object: JsonObject;
  readonly secrets: SecretDisplay;
  readonly text: string;
  /** Grows with every change, in place of a time: the editor compares it to see that a file changed. */
  readonly version: number;
}

/** The objects whose documents are open. Values of Secrets are hidden again when a document is closed. */
export class OpenObjects {
  readonly #objects = new Map<string, OpenObject>();
  #version: number;

  /** @param start a time, so that versions of this session are later than those of the last one */
  constructor(start: number) {
    this.#version = start;
  }

  get(path: string): OpenObject | undefined {
    return this.#objects.get(path);
  }

  /** Takes what the cluster has now. */
  put(path: string, object: JsonObject): OpenObject {
    return this.#set(path, object, this.#objects.get(path)?.secrets ?? 'hidden');
  }

  display(path: string, secrets: SecretDisplay): void {
    const open = this.#objects.get(path);
    if (open) this.#set(path, open.object, secrets);
  }

  /** Makes the editor read the text again, although it is the one that wrote it: the server may have made something else of it. */
  touch(path: string): void {
    const open = this.#objects.get(path);
    if (open) this.#objects.set(path, { ...open, version: ++this.#version });
  }

  forget(path: string): void {
    this.#objects.delete(path);
  }

  #set(path: string, object: JsonObject, secrets: SecretDisplay): OpenObject {
    const text = renderObject(object, { secrets });
    const known = this.#objects.get(path);
    const isSame = known?.text === text;
    const open = { object, secrets, text, version: isSame ? known.version : ++this.#version };
    this.#objects.set(path, open);
    return open;
  }
}
