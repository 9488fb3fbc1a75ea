import * as vscode from 'vscode';
import { applyDialogs } from '#client/actions/apply/applyDialogs.ts';
import { applyEdit, type ApplyOutcome } from '#client/actions/apply/applyFlow.ts';
import type { LiveAccess } from '#client/actions/deps.ts';
import { pathOfObject, readObjectPath } from '#client/actions/liveUri.ts';
import { OpenObjects, type OpenObject } from '#client/actions/openObjects.ts';
import type { RefusalDiagnostics } from '#client/actions/refusalDiagnostics.ts';
import type { VirtualTexts } from '#client/actions/virtualTexts.ts';
import { UserProblem } from '#client/ui/problem.ts';
import { inNotification } from '#client/ui/untrusted.ts';
import type { SecretDisplay } from '#core/live/edit/secretValues.ts';
import { plainText } from '#core/live/plainText.ts';
import type { ObjectTarget } from '#core/live/target.ts';
import { LIVE_SCHEME } from '#core/protocol.ts';

/** Written over a state nobody has seen, a text could undo what others did. */
const NOT_READ =
  'It is not known what this text was made from. Run "Data Clusters: Reload from Cluster" to compare it with the cluster first.';

/**
 * Objects of live clusters as files that can be edited. Saving one is the way to write it: tried by the server, compared, confirmed. A
 * document that the editor brings back after a restart is read again only when the user asks for it: nothing is contacted before.
 */
export class ObjectDocuments implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #access: LiveAccess;
  readonly #texts: VirtualTexts;
  readonly #refusals: RefusalDiagnostics;
  readonly #objects = new OpenObjects(Date.now());
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #registrations: vscode.Disposable;
  /** How each document was last asked to be saved. */
  readonly #saveReasons = new Map<string, vscode.TextDocumentSaveReason>();
  readonly onDidChangeFile = this.#changed.event;

  constructor(access: LiveAccess, texts: VirtualTexts, refusals: RefusalDiagnostics) {
    this.#access = access;
    this.#texts = texts;
    this.#refusals = refusals;
    this.#registrations = vscode.Disposable.from(
      vscode.workspace.registerFileSystemProvider(LIVE_SCHEME, this, { isCaseSensitive: true }),
      vscode.workspace.onWillSaveTextDocument(({ document, reason }) => {
        if (document.uri.scheme === LIVE_SCHEME) this.#saveReasons.set(document.uri.toString(), reason);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === LIVE_SCHEME) setTimeout(() => this.#forgetClosed(uri), 0);
      }),
    );
  }

  /** Reads an object and shows it. */
  async open(target: ObjectTarget): Promise<vscode.TextDocument> {
    const uri = uriOf(target);
    const isDirty = findDocument(uri)?.isDirty === true;
    if (!isDirty) await this.#read(uri, target);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: !isDirty });
    return document;
  }

  /**
   * Reads the object of a document again. What was typed before the window was opened is kept and compared with what is there now.
   *
   * @throws UserProblem when something typed would be lost
   */
  async reload(uri: vscode.Uri): Promise<void> {
    const isDirty = findDocument(uri)?.isDirty === true;
    if (isDirty && this.#objects.get(uri.path)) {
      throw new UserProblem('This document has changes that are not written.', 'Save or revert it, then reload it.');
    }
    const target = this.#target(uri);
    const { text } = await this.#read(uri, target);
    if (!isDirty) return;
    const live = this.#texts.add(fileNameOf(uri), text);
    const title = plainText(`${target.address.name} in ${target.context}: now ↔ yours`);
    await vscode.commands.executeCommand('vscode.diff', live, uri, title);
  }

  /** Shows the values of a Secret in another way. @throws UserProblem when that would lose what was typed */
  async display(uri: vscode.Uri, secrets: SecretDisplay): Promise<void> {
    await this.reload(uri);
    this.#objects.display(uri.path, secrets);
    this.#tellChange(uri);
  }

  targetOf(uri: vscode.Uri): ObjectTarget | undefined {
    return uri.scheme === LIVE_SCHEME ? readObjectPath(uri.path) : undefined;
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const open = this.#objects.get(uri.path);
    const size = open ? Buffer.byteLength(open.text, 'utf8') : 0;
    return { type: vscode.FileType.File, ctime: 0, mtime: open?.version ?? 0, size };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    const open = this.#objects.get(uri.path);
    if (open) return Buffer.from(open.text, 'utf8');
    const context = inNotification(this.#target(uri).context);
    throw vscode.FileSystemError.Unavailable(
      `This object of ${context} was not read since the window was opened. Run "Data Clusters: Reload from Cluster".`,
    );
  }

  /** The document stays as it was typed, and unsaved, unless the server has taken it. */
  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const reason = this.#saveReasons.get(uri.toString());
    if (reason !== undefined && reason !== vscode.TextDocumentSaveReason.Manual) {
      throw vscode.FileSystemError.Unavailable('Live objects are written only when they are saved by hand.');
    }
    const text = Buffer.from(content).toString('utf8');
    const target = this.#target(uri);
    const open = this.#objects.get(uri.path);
    if (!open) throw vscode.FileSystemError.Unavailable(NOT_READ);
    const outcome = await this.#write(uri, target, open, text);
    if (outcome.kind === 'written' || outcome.kind === 'unchanged') {
      this.#refusals.clear(uri);
      this.#objects.put(uri.path, outcome.object);
      setTimeout(() => this.#renew(uri), 0);
      return;
    }
    if (outcome.kind === 'refused') this.#refusals.show(uri, text, outcome);
    const why = outcome.kind === 'cancelled' ? 'Nothing was written.' : `Nothing was written: ${outcome.reason}`;
    throw vscode.FileSystemError.Unavailable(inNotification(why));
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.#registrations.dispose();
    this.#changed.dispose();
  }

  async #write(uri: vscode.Uri, target: ObjectTarget, open: OpenObject, text: string): Promise<ApplyOutcome> {
    const cluster = await this.#access.clusterOf(target.context);
    const { object: base, secrets } = open;
    const policy = this.#access.policyOf(target.context);
    const ui = applyDialogs(this.#texts, fileNameOf(uri));
    return applyEdit({ target, base, text, secrets, policy }, cluster, ui);
  }

  async #read(uri: vscode.Uri, target: ObjectTarget): Promise<OpenObject> {
    const cluster = await this.#access.clusterOf(target.context);
    const open = this.#objects.put(uri.path, await cluster.get(target.address));
    this.#tellChange(uri);
    return open;
  }

  /** After the editor has taken note of its own write. */
  #renew(uri: vscode.Uri): void {
    this.#objects.touch(uri.path);
    this.#tellChange(uri);
  }

  /** A change of its language closes and opens a document as well. */
  #forgetClosed(uri: vscode.Uri): void {
    if (!findDocument(uri)) this.#objects.forget(uri.path);
  }

  #target(uri: vscode.Uri): ObjectTarget {
    const target = readObjectPath(uri.path);
    if (!target) throw vscode.FileSystemError.FileNotFound(uri);
    return target;
  }

  #tellChange(uri: vscode.Uri): void {
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }
}

export function uriOf(target: ObjectTarget): vscode.Uri {
  return vscode.Uri.from({ scheme: LIVE_SCHEME, path: pathOfObject(target) });
}

function findDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}

function fileNameOf(uri: vscode.Uri): string {
  return uri.path.split('/').at(-1) ?? 'object.yaml';
}
