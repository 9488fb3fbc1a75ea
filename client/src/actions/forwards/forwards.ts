import * as vscode from 'vscode';
import { withRights } from '#client/actions/allowed.ts';
import { addressOfPod, choosePod, requireCluster } from '#client/actions/choose.ts';
import type { ActionDeps } from '#client/actions/deps.ts';
import { ForwardList, type OpenForward } from '#client/actions/forwards/forwardList.ts';
import { commandIds } from '#client/contributions.ts';
import { UserProblem } from '#client/ui/problem.ts';
import { inNotification, inPick } from '#client/ui/untrusted.ts';
import { SPARK_UI_PORT } from '#core/live/connections.ts';
import {
  isReadyPod,
  portsOfPod,
  portsOfService,
  selectorOfService,
  type OfferedPort,
} from '#core/live/forwardPorts.ts';
import { counted, plainText } from '#core/live/plainText.ts';
import type { Cluster, JsonObject } from '#core/live/ports.ts';
import { textAt } from '#core/json.ts';
import type { LiveTarget, ObjectTarget, PodTarget } from '#core/live/target.ts';
import { sparkUiTarget } from '#core/systems/spark/live/webUi.ts';

const OPEN = 'Open in Browser';
const COPY = 'Copy Address';

/** Port forwards of this window: opening them, the list of them, and the item in the status bar that counts them. */
export class Forwards implements vscode.Disposable {
  readonly #deps: ActionDeps;
  readonly #list: ForwardList;
  readonly #item: vscode.StatusBarItem;

  constructor(deps: ActionDeps) {
    this.#deps = deps;
    this.#list = new ForwardList((forward, problem) => {
      const why = problem ? `: ${plainText(problem.message)}` : '.';
      void vscode.window.showWarningMessage(inNotification(`The forward of ${titleOf(forward)} has ended${why}`));
    });
    this.#item = vscode.window.createStatusBarItem('dataClusters.forwards', vscode.StatusBarAlignment.Left);
    this.#item.name = 'Port Forwards of Data Clusters';
    this.#item.command = commandIds.forwards;
    this.#list.onDidChange(() => this.#showCount());
  }

  /** Forwards a port that the user chooses among those of a pod or service. */
  async forward(target: LiveTarget): Promise<void> {
    if (target.kind === 'object' && target.apiKind === 'Service') return this.#forwardService(target);
    const pod = await choosePod(this.#deps, target);
    if (!pod) return;
    await this.#withPod(pod, async (cluster) => {
      const object = await cluster.get(addressOfPod(pod));
      await this.#choosePort(cluster, pod, portsOfPod(object));
    });
  }

  /** The pages of Spark in the browser: those of a driver or Connect server while it runs, or of the master of a cluster. */
  async openSparkUi(target: LiveTarget): Promise<void> {
    const { pod, port } = this.#sparkUi(target);
    await this.#withPod(pod, async (cluster) => {
      const { context, namespace, name } = pod;
      const served = port ?? uiPortOf(await cluster.get(addressOfPod(pod)));
      await openInBrowser(await this.#list.open(cluster, context, { namespace, pod: name, port: served }));
    });
  }

  /** The forwards there are; each can be opened, copied and stopped. */
  async choose(): Promise<void> {
    if (this.#list.all.length === 0)
      throw new UserProblem('No port is forwarded.', 'Forward one from the Data Clusters view.');
    await showList(this.#list);
  }

  dispose(): void {
    this.#list.stop();
    this.#item.dispose();
  }

  /** A service is forwarded to one of the pods behind it, one that is ready where there is one. */
  async #forwardService(target: ObjectTarget): Promise<void> {
    const { context, address } = target;
    await withRights(this.#deps, { action: 'forward', context, address }, async (cluster) => {
      const service = await cluster.get(address);
      const labelSelector = selectorOfService(service);
      const query = { group: '', version: 'v1', plural: 'pods', namespaced: true, namespace: address.namespace };
      const pods = labelSelector === undefined ? [] : await cluster.list({ ...query, labelSelector });
      const object: JsonObject | undefined = pods.find(isReadyPod) ?? pods[0];
      if (!object)
        throw new UserProblem(`No pod stands behind the service ${plainText(address.name)}.`, 'Look at its selector.');
      const name = textAt(object, 'metadata', 'name');
      const pod = { kind: 'pod', context, namespace: address.namespace, name } as const;
      await this.#choosePort(cluster, pod, portsOfService(service, object));
    });
  }

  async #choosePort(cluster: Cluster, pod: PodTarget, ports: readonly OfferedPort[]): Promise<void> {
    const port = await pickPort(pod, ports);
    if (port === undefined) return;
    const localPort = await askLocalPort(port);
    if (localPort === undefined) return;
    const { context, namespace, name } = pod;
    const forward = await this.#list.open(cluster, context, { namespace, pod: name, port, localPort });
    void offer(forward);
  }

  #sparkUi(target: LiveTarget): { readonly pod: PodTarget; readonly port?: number } {
    if (target.kind === 'pod') return { pod: target };
    if (target.kind !== 'dataCluster')
      throw new UserProblem('This row is no Spark application.', 'Choose the row of one.');
    const { cluster } = requireCluster(this.#deps, target);
    const found = sparkUiTarget(cluster);
    if (found) {
      const { namespace } = cluster;
      return { pod: { kind: 'pod', context: target.context, namespace, name: found.pod }, port: found.port };
    }
    throw new UserProblem(
      'Nothing of this application serves pages now.',
      'They begin and end with its driver; a history server may have those of earlier runs, but where it is is not known here.',
    );
  }

  async #withPod(pod: PodTarget, run: (cluster: Cluster) => Promise<void>): Promise<void> {
    await withRights(this.#deps, { action: 'forward', context: pod.context, address: addressOfPod(pod) }, run);
  }

  #showCount(): void {
    const { length } = this.#list.all;
    this.#item.text = `$(plug) ${counted(length, 'forward')}`;
    this.#item.tooltip = this.#list.all.map((forward) => `${addressOf(forward)} → ${titleOf(forward)}`).join('\n');
    this.#item.accessibilityInformation = { label: `${counted(length, 'port')} of data clusters forwarded` };
    if (length === 0) this.#item.hide();
    else this.#item.show();
  }
}

function uiPortOf(pod: JsonObject): number {
  return portsOfPod(pod).find(({ title }) => /spark-?ui|\bui\b/i.test(title))?.port ?? SPARK_UI_PORT;
}

async function pickPort(pod: PodTarget, ports: readonly OfferedPort[]): Promise<number | undefined> {
  const other = { label: 'Another port...', port: undefined };
  const items = [...ports.map(({ port, title }) => ({ label: String(port), description: inPick(title), port })), other];
  const picked =
    ports.length === 0
      ? other
      : await vscode.window.showQuickPick(items, { placeHolder: `Port of ${inPick(pod.name)}` });
  if (!picked || picked.port !== undefined) return picked?.port;
  const typed = await vscode.window.showInputBox({
    prompt: inNotification(`Port of ${pod.name}`),
    validateInput: refusePort,
  });
  return typed === undefined ? undefined : Number(typed);
}

/** Empty for any free one. */
async function askLocalPort(port: number): Promise<number | undefined> {
  const typed = await vscode.window.showInputBox({
    prompt: 'Port on this computer; empty for any that is free',
    value: String(port < 1024 ? '' : port),
    validateInput: (text) => (text === '' ? undefined : refusePort(text)),
  });
  if (typed === undefined) return undefined;
  return typed === '' ? 0 : Number(typed);
}

function refusePort(text: string): string | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535
    ? undefined
    : 'A port is a number from 1 to 65535.';
}

async function offer(forward: OpenForward): Promise<void> {
  const message = `${addressOf(forward)} leads to ${titleOf(forward)}.`;
  const choice = await vscode.window.showInformationMessage(inNotification(message), OPEN, COPY);
  if (choice === OPEN) await openInBrowser(forward);
  if (choice === COPY) await vscode.env.clipboard.writeText(addressOf(forward));
}

/** Through the editor, so that it works where the editor runs on another computer. */
async function openInBrowser(forward: OpenForward): Promise<void> {
  await vscode.env.openExternal(vscode.Uri.parse(`http://${addressOf(forward)}/`));
}

function addressOf({ localPort }: OpenForward): string {
  return `127.0.0.1:${localPort}`;
}

function titleOf({ pod, port, namespace, context }: OpenForward): string {
  return plainText(`${pod}:${port} in the namespace ${namespace} of ${context}`);
}

const buttons = {
  open: { iconPath: new vscode.ThemeIcon('link-external'), tooltip: OPEN },
  copy: { iconPath: new vscode.ThemeIcon('copy'), tooltip: COPY },
  stop: { iconPath: new vscode.ThemeIcon('debug-stop'), tooltip: 'Stop' },
} as const;

interface ForwardItem extends vscode.QuickPickItem {
  readonly forward: OpenForward;
}

/** A list that stays open while forwards are stopped one by one. */
function showList(list: ForwardList): Promise<void> {
  return new Promise((resolve) => {
    const pick = vscode.window.createQuickPick<ForwardItem>();
    pick.placeholder = 'Choose a forward to copy its address, or use the buttons';
    const fill = (): void => {
      pick.items = list.all.map((forward) => ({
        label: addressOf(forward),
        description: inPick(titleOf(forward)),
        buttons: [buttons.open, buttons.copy, buttons.stop],
        forward,
      }));
      if (list.all.length === 0) pick.hide();
    };
    const changes = list.onDidChange(fill);
    pick.onDidTriggerItemButton(({ button, item }) => {
      if (button === buttons.stop) item.forward.stop();
      else if (button === buttons.open) void openInBrowser(item.forward);
      else void vscode.env.clipboard.writeText(addressOf(item.forward));
    });
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (item) void vscode.env.clipboard.writeText(addressOf(item.forward));
      pick.hide();
    });
    pick.onDidHide(() => {
      changes.stop();
      pick.dispose();
      resolve();
    });
    fill();
    pick.show();
  });
}
