/** As much of a document as the script of the detail view uses. Elements keep their identity, which is what the tests look at. */
export class SmallNode {
  readonly nodeType: number;
  readonly localName: string;
  readonly namespace: string;
  readonly dataset: Record<string, string> = {};
  childNodes: SmallNode[] = [];
  readonly #attributes = new Map<string, string>();
  readonly #listeners = new Map<string, (event: unknown) => void>();
  #text: string;
  parent: SmallNode | undefined;

  constructor(localName: string, text = '', namespace = 'html') {
    this.nodeType = localName === '' ? 3 : 1;
    this.localName = localName;
    this.namespace = namespace;
    this.#text = text;
  }

  get textContent(): string {
    return this.nodeType === 3 ? this.#text : this.childNodes.map(({ textContent }) => textContent).join('');
  }

  set textContent(text: string) {
    this.#text = text;
  }

  getAttribute(name: string): string | null {
    return this.#attributes.get(name) ?? null;
  }

  setAttribute(name: string, value: string): void {
    this.#attributes.set(name, value);
  }

  removeAttribute(name: string): void {
    this.#attributes.delete(name);
  }

  getAttributeNames(): string[] {
    return [...this.#attributes.keys()];
  }

  appendChild(child: SmallNode): void {
    this.insertBefore(child, undefined);
  }

  insertBefore(child: SmallNode, before: SmallNode | undefined): void {
    child.parent?.removeChild(child);
    child.parent = this;
    const at = before === undefined ? this.childNodes.length : this.childNodes.indexOf(before);
    this.childNodes.splice(at, 0, child);
  }

  removeChild(child: SmallNode): void {
    this.childNodes = this.childNodes.filter((other) => other !== child);
    child.parent = undefined;
  }

  contains(node: SmallNode): boolean {
    return node === this || this.childNodes.some((child) => child.contains(node));
  }

  closest(): SmallNode | undefined {
    return this.getAttribute('data-action') === null ? this.parent?.closest() : this;
  }

  /** What a test answers to querySelector. */
  find: (selector: string) => unknown = () => null;

  querySelector(selector: string): unknown {
    return this.find(selector);
  }

  addEventListener(type: string, listener: (event: unknown) => void): void {
    this.#listeners.set(type, listener);
  }

  fire(type: string, event: unknown): void {
    this.#listeners.get(type)?.(event);
  }
}
