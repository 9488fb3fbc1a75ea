import { LSPErrorCodes, ResponseError, type CancellationToken, type TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Log } from '#core/ports.ts';

/** Whatever names a document. */
export interface DocumentParams {
  readonly textDocument: { readonly uri: string };
}

export type Outcome<Result> = Result | ResponseError<never>;

/**
 * The one place where errors of handlers end: a throw is logged and answered as an error of that request, and the server lives on.
 * A request that the client has given up is answered as cancelled.
 */
export class Boundary {
  readonly #log: Log;
  readonly #documents: TextDocuments<TextDocument>;

  constructor(log: Log, documents: TextDocuments<TextDocument>) {
    this.#log = log;
    this.#documents = documents;
  }

  request<Params, Result>(
    name: string,
    run: (params: Params, token: CancellationToken) => Result | Promise<Result>,
  ): (params: Params, token: CancellationToken) => Promise<Outcome<Result>> {
    return async (params, token) => {
      try {
        if (token.isCancellationRequested) return cancelled();
        const result = await run(params, token);
        return token.isCancellationRequested ? cancelled() : result;
      } catch (error) {
        this.#log.error(`${name} failed`, error);
        return new ResponseError<never>(
          LSPErrorCodes.RequestFailed,
          `${name} failed; the log of the server has the details.`,
        );
      }
    };
  }

  /** A request about an open document; for one that is not open the answer is `absent`. */
  documentRequest<Params extends DocumentParams, Result>(
    name: string,
    absent: Result,
    run: (document: TextDocument, params: Params, token: CancellationToken) => Result | Promise<Result>,
  ): (params: Params, token: CancellationToken) => Promise<Outcome<Result>> {
    return this.request(name, (params: Params, token) => {
      const document = this.#documents.get(params.textDocument.uri);
      return document ? run(document, params, token) : absent;
    });
  }

  /** A notification or an event: nobody waits for an answer, so an error is only logged. */
  notification<Params>(name: string, run: (params: Params) => void | Promise<void>): (params: Params) => void {
    return (params) => {
      try {
        const done = run(params);
        if (done) done.catch((error: unknown) => this.#log.error(`${name} failed`, error));
      } catch (error) {
        this.#log.error(`${name} failed`, error);
      }
    };
  }
}

function cancelled(): ResponseError<never> {
  return new ResponseError<never>(LSPErrorCodes.RequestCancelled, 'cancelled');
}
