import * as vscode from 'vscode';
import { withRights } from '#client/actions/allowed.ts';
import { addressOfPod, chooseContainer, choosePod, requireCluster } from '#client/actions/choose.ts';
import type { ActionDeps } from '#client/actions/deps.ts';
import { logFile, logFileName } from '#client/actions/logs/logFile.ts';
import { LogSession } from '#client/actions/logs/logSession.ts';
import { showLogTerminal } from '#client/actions/logs/logTerminal.ts';
import type { VirtualTexts } from '#client/actions/virtualTexts.ts';
import { UserProblem } from '#client/ui/problem.ts';
import { inNotification, inPick } from '#client/ui/untrusted.ts';
import { decidingLog } from '#core/live/jobs/decidingLog.ts';
import { counted } from '#core/live/plainText.ts';
import type { LogSource } from '#core/live/logs/logFollower.ts';
import type { LogLine } from '#core/live/logs/logBuffer.ts';
import { readLog } from '#core/live/logs/readLog.ts';
import { ClusterProblem, type Cluster, type Stoppable } from '#core/live/ports.ts';
import type { DataClusterTarget, LiveTarget, PodTarget } from '#core/live/target.ts';

/** Lines of an earlier run that are shown. */
const PREVIOUS_LINES = 10_000;

/** Lines that an editor shows of a log, and how often it is brought up to date, in milliseconds. */
const EDITOR_LINES = 10_000;
const EDITOR_REFRESH_MS = 500;

/** The logs that are shown in terminals, and what can be done with them. */
export class Logs implements vscode.Disposable {
  readonly #deps: ActionDeps;
  readonly #texts: VirtualTexts;
  readonly #sessions = new Map<vscode.Terminal, LogSession>();
  readonly #running = new Set<Stoppable>();

  constructor(deps: ActionDeps, texts: VirtualTexts) {
    this.#deps = deps;
    this.#texts = texts;
  }

  /** Follows a pod, or all members of a data cluster as one log. */
  async follow(target: LiveTarget): Promise<void> {
    if (target.kind === 'dataCluster') return this.#followCluster(target);
    const pod = await choosePod(this.#deps, target);
    if (!pod) return;
    await this.#withLogs(pod, async (cluster) => {
      const container = await chooseContainer(cluster, pod);
      if (container === undefined) return;
      this.#start(this.#session(cluster, pod.namespace, pod.name), () => [{ pod: pod.name, container }]);
    });
  }

  /** What a container wrote before it was last restarted. */
  async showPrevious(target: LiveTarget): Promise<void> {
    const pod = await choosePod(this.#deps, target);
    if (!pod) return;
    await this.#withLogs(pod, async (cluster) => {
      const container = await chooseContainer(cluster, pod);
      if (container === undefined) return;
      const lines = await readPrevious(cluster, pod, container);
      await this.#texts.show(logFileName(`${pod.name} before its restart`), logFile(lines, 0));
    });
  }

  /** The log that tells how a job fares: followed while it is written, a document once it is whole. */
  async showDeciding(target: LiveTarget): Promise<void> {
    if (target.kind !== 'dataCluster') throw new UserProblem('This row is no job.', 'Choose the row of one.');
    const { cluster: data } = requireCluster(this.#deps, target);
    const log = decidingLog(data);
    if (log.kind === 'none') throw new UserProblem(`${log.why}.`, log.advice);
    const { namespace } = data;
    const pod = { kind: 'pod', context: target.context, namespace, name: log.pod } as const;
    await this.#withLogs(pod, async (cluster) => {
      if (log.isRunning) {
        this.#start(this.#session(cluster, namespace, log.pod), () => [log]);
        return;
      }
      const lines = await readWhole(cluster, pod, log);
      const name = log.previous ? `${log.pod} before its restart` : log.pod;
      await this.#texts.show(logFileName(name), logFile(lines, 0));
    });
  }

  /** The log of a terminal as a document that can be searched, compared and saved; it follows while the terminal is there. */
  async openInEditor(): Promise<void> {
    const session = await this.#chooseSession();
    if (!session) return;
    const text = (): string => {
      const { lines, dropped } = session;
      return logFile(lines.slice(-EDITOR_LINES), dropped + Math.max(0, lines.length - EDITOR_LINES));
    };
    const uri = await this.#texts.show(logFileName(session.name), text());
    let waiting: Stoppable | undefined;
    const listening = session.onLines(() => {
      waiting ??= this.#deps.clock.after(EDITOR_REFRESH_MS, () => {
        waiting = undefined;
        const isOpen = vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
        if (isOpen) this.#texts.update(uri, text());
        else listening.stop();
      });
    });
  }

  async save(): Promise<void> {
    const session = await this.#chooseSession();
    if (!session) return;
    const { lines, dropped, name } = session;
    const uri = await vscode.window.showSaveDialog({
      defaultUri: placeFor(logFileName(name)),
      filters: { Logs: ['log', 'txt'] },
    });
    if (!uri) return;
    await vscode.workspace.fs.writeFile(uri, Buffer.from(logFile(lines, dropped), 'utf8'));
    void vscode.window.showInformationMessage(inNotification(`Saved ${counted(lines.length, 'line')} of ${name}.`));
  }

  dispose(): void {
    for (const running of this.#running) running.stop();
    for (const terminal of this.#sessions.keys()) terminal.dispose();
  }

  async #followCluster(target: DataClusterTarget): Promise<void> {
    const { cluster: data } = requireCluster(this.#deps, target);
    const first = { kind: 'pod', context: target.context, namespace: data.namespace, name: data.name } as const;
    await this.#withLogs(first, async (cluster) => {
      this.#start(this.#session(cluster, data.namespace, data.name), () => this.#sourcesOf(target));
    });
  }

  /** Members come and go; while the context is not watched, those that were known last are followed. */
  #sourcesOf(target: DataClusterTarget): readonly LogSource[] | undefined {
    const judged = this.#deps.viewOf(target.context)?.clusters.find(({ cluster }) => cluster.key === target.key);
    return judged?.members
      .filter(({ member }) => member.pod !== undefined)
      .map(({ member }) => ({ pod: member.name, container: member.container }));
  }

  #session(cluster: Cluster, namespace: string, name: string): LogSession {
    return new LogSession({ cluster, clock: this.#deps.clock, namespace, name });
  }

  #start(session: LogSession, sources: () => readonly LogSource[] | undefined): void {
    const follow = (): void => {
      const now = sources();
      if (now) session.follow(now);
    };
    const watching = this.#deps.onDidChangeViews(follow);
    this.#running.add(session);
    const terminal = showLogTerminal(session, () => {
      watching.stop();
      this.#running.delete(session);
      this.#sessions.delete(terminal);
    });
    this.#sessions.set(terminal, session);
    follow();
  }

  async #withLogs(pod: PodTarget, run: (cluster: Cluster) => Promise<void>): Promise<void> {
    await withRights(this.#deps, { action: 'logs', context: pod.context, address: addressOfPod(pod) }, run);
  }

  async #chooseSession(): Promise<LogSession | undefined> {
    const { activeTerminal } = vscode.window;
    const active = activeTerminal && this.#sessions.get(activeTerminal);
    if (active) return active;
    const items = [...this.#sessions.values()].map((session) => ({ label: inPick(session.name), session }));
    if (items.length === 0)
      throw new UserProblem('No log is followed.', 'Follow one from the Data Clusters view first.');
    if (items.length === 1) return items[0]?.session;
    return (await vscode.window.showQuickPick(items, { placeHolder: 'Which log' }))?.session;
  }
}

/** @throws ClusterProblem, also when the container was never restarted */
async function readPrevious(cluster: Cluster, pod: PodTarget, container: string): Promise<readonly LogLine[]> {
  try {
    return await readWhole(cluster, pod, { container, previous: true });
  } catch (error) {
    throw error instanceof ClusterProblem ? explain(error, pod.name) : error;
  }
}

/** What a container that no longer runs has written, as far as it is shown. @throws ClusterProblem */
async function readWhole(
  cluster: Cluster,
  { namespace, name }: PodTarget,
  { container, previous }: { readonly container: string; readonly previous: boolean },
): Promise<readonly LogLine[]> {
  const lines = await readLog(cluster, { namespace, pod: name, container, previous, tailLines: PREVIOUS_LINES });
  return lines.map((line) => ({ ...line, source: name }));
}

function explain(problem: ClusterProblem, name: string): Error {
  const isMissing = problem.kind === 'invalid' || problem.kind === 'absent';
  return isMissing
    ? new UserProblem(
        `${name} has no log from before a restart.`,
        'Its container was not restarted, or the node has cleaned up.',
      )
    : problem;
}

function placeFor(name: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  return folder ? vscode.Uri.joinPath(folder.uri, name) : vscode.Uri.file(name);
}
