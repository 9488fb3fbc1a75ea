import type { DetailElement } from '#core/live/detail/html.ts';
import type { Preview } from '#core/preview/model.ts';
import { previewPage } from '#core/preview/page.ts';
import type { PreviewedDocument, PreviewResult } from '#core/protocol.ts';

const BEGINNING = 'The preview is being made.';

/** What is to be seen of a file: the last preview that could be made, and why it is not of the text as it is now. */
export class PreviewFeed {
  readonly #file: string;
  #previews: readonly Preview[] = [];
  /** The document the previews are of. */
  #index = 0;
  #count = 1;
  #note = BEGINNING;

  /** @param file name for people */
  constructor(file: string) {
    this.#file = file;
  }

  /** An answer of the server; undefined when none runs, null when it does not know the file. */
  take(result: PreviewResult | null | undefined): void {
    if (!result) {
      this.#note = this.#keeping('The language server does not answer.');
      return;
    }
    const { index, count, documents } = result;
    const previews = documents.flatMap((one) => (one.state === 'preview' ? [one.preview] : []));
    const isSameDocument = index === this.#index && count === this.#count;
    // Of another document the last preview says nothing.
    if (previews.length > 0 || !isSameDocument) this.#previews = previews;
    [this.#index, this.#count] = [index, count];
    this.#note = previews.length > 0 ? '' : this.#noteOn(documents);
  }

  /** The file was closed: what is shown stays. */
  close(): void {
    this.#note = this.#keeping('The file is closed.');
  }

  render(): DetailElement {
    const place = this.#count > 1 ? `, document ${this.#index + 1} of ${this.#count}` : '';
    return previewPage({ origin: `${this.#file}${place}`, previews: this.#previews, note: this.#note });
  }

  #noteOn(documents: readonly PreviewedDocument[]): string {
    const broken = documents.find((one) => one.state === 'broken');
    if (broken?.state === 'broken') return this.#keeping(`Line ${broken.line + 1} is broken: ${broken.why}`);
    const other = documents.find((one) => one.state === 'other');
    const what = other?.state === 'other' ? other.what : '';
    this.#previews = [];
    return what === ''
      ? 'The cursor stands in no object of Spark or TFJob.'
      : `What is created of ${what} cannot be told: previews are made of Spark and TFJob.`;
  }

  #keeping(why: string): string {
    return this.#previews.length > 0 ? `${why} This is the preview of before.` : why;
  }
}
