import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { VirtualTexts } from '#client/actions/virtualTexts.ts';
import { findChart, type ChartOnDisk } from '#client/charts/chartFolder.ts';
import { mapFindings } from '#client/charts/previewDiagnostics.ts';
import { runHelm } from '#client/charts/runHelm.ts';
import type { Command } from '#client/commands/register.ts';
import { commandIds, settingName } from '#client/contributions.ts';
import type { LanguageServer } from '#client/server/languageServer.ts';
import { UserProblem } from '#client/ui/problem.ts';
import { inNotification } from '#client/ui/untrusted.ts';
import { readHelmError, type HelmError } from '#core/charts/render/helmErrors.ts';
import { NEWEST_KUBERNETES_VERSION } from '#core/lint/settings.ts';
import { checkTextRequest, type CheckedFinding } from '#core/protocol.ts';

const SOURCE = 'data-clusters (helm template)';

interface Preview {
  readonly chart: ChartOnDisk;
  readonly uri: vscode.Uri;
  /** Files of the chart that carry findings of the last rendering. */
  marked: readonly vscode.Uri[];
}

type Texts = Pick<VirtualTexts, 'add' | 'update'>;

/** Findings for a text as if it were written in the file of that URI; undefined without a server. */
export type CheckText = (uri: string, text: string) => Promise<readonly CheckedFinding[] | undefined>;

/** Rendered charts beside their templates, rendered anew whenever one of their files is saved. */
export class TemplatePreviews implements vscode.Disposable {
  readonly #texts: Texts;
  readonly #check: CheckText;
  readonly #diagnostics = vscode.languages.createDiagnosticCollection('data-clusters-preview');
  readonly #previews = new Map<string, Preview>();
  readonly #listeners: vscode.Disposable;

  constructor(texts: Texts, check: CheckText, onError: (error: unknown) => void) {
    this.#texts = texts;
    this.#check = check;
    this.#listeners = vscode.Disposable.from(
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        this.#saved(uri).catch(onError);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#closed(uri)),
    );
  }

  /** @throws UserProblem when the file belongs to no chart, the workspace is not trusted, or there is no Helm */
  async show(file: vscode.Uri): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      throw new UserProblem('This workspace is not trusted, so nothing is run in it.', 'Trust the workspace first.');
    }
    const chart = file.scheme === 'file' ? await findChart(file.fsPath) : undefined;
    if (!chart) {
      const advice = 'Open a template, a values file or the Chart.yaml of a chart, and try again.';
      throw new UserProblem('The file in the active editor belongs to no Helm chart on this computer.', advice);
    }
    const name = path.basename(chart.folder);
    const over = chart.valuesFiles.map((values) => ` with ${path.basename(values)}`).join('');
    const uri = this.#texts.add(`${name}${over} (rendered).yaml`, '# Helm renders the chart...\n');
    const preview: Preview = { chart, uri, marked: [] };
    this.#previews.set(uri.toString(), preview);
    await this.#render(preview);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
  }

  dispose(): void {
    this.#listeners.dispose();
    this.#diagnostics.dispose();
    this.#previews.clear();
  }

  async #saved(uri: vscode.Uri): Promise<void> {
    for (const preview of this.#previews.values()) {
      const inside = path.relative(preview.chart.folder, uri.fsPath);
      if (uri.scheme === 'file' && !inside.startsWith('..') && !path.isAbsolute(inside)) await this.#render(preview);
    }
  }

  #closed(uri: vscode.Uri): void {
    const preview = this.#previews.get(uri.toString());
    if (!preview) return;
    this.#previews.delete(uri.toString());
    this.#clear(preview);
  }

  async #render(preview: Preview): Promise<void> {
    const { output, error } = await runHelm(helmProgram(), {
      ...preview.chart,
      kubernetesVersion: kubernetesVersion(),
    });
    this.#clear(preview);
    const problem = error === '' ? undefined : readHelmError(error);
    if (problem) {
      this.#texts.update(preview.uri, `# Helm does not render this chart.\n# ${problem.message}\n`);
      this.#markError(preview, problem);
      return;
    }
    this.#texts.update(preview.uri, output === '' ? '# The chart renders nothing.\n' : output);
    await this.#markFindings(preview, output);
  }

  #markError(preview: Preview, { path: file, line, character, message }: HelmError): void {
    if (file === undefined) {
      void vscode.window.showErrorMessage(inNotification(`Helm does not render the chart. ${message}`));
      return;
    }
    const range = new vscode.Range(line, character, line, Number.MAX_SAFE_INTEGER);
    const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error);
    this.#mark(preview, this.#uriIn(preview, file), [diagnostic]);
  }

  async #markFindings(preview: Preview, output: string): Promise<void> {
    // Without the server the output is shown all the same.
    const uri = vscode.Uri.file(path.join(preview.chart.folder, 'Chart.yaml')).toString();
    const findings = await this.#check(uri, output);
    if (!findings) return;
    this.#mark(
      preview,
      preview.uri,
      findings.map((finding) => toDiagnostic(finding, toRange(finding))),
    );
    const templates = await readTemplates(preview.chart.folder, output);
    const byFile = new Map<string, vscode.Diagnostic[]>();
    for (const { finding, path: file, line } of mapFindings(output, findings, (name) => templates.get(name))) {
      if (file === undefined || this.#isTold(this.#uriIn(preview, file), finding, line)) continue;
      const diagnostic = toDiagnostic(finding, new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER));
      byFile.set(file, [...(byFile.get(file) ?? []), diagnostic]);
    }
    for (const [file, diagnostics] of byFile) this.#mark(preview, this.#uriIn(preview, file), diagnostics);
  }

  /** Whether the template itself already shows the finding. */
  #isTold(uri: vscode.Uri, { code }: CheckedFinding, line: number): boolean {
    return vscode.languages.getDiagnostics(uri).some((one) => one.code === code && one.range.start.line === line);
  }

  #mark(preview: Preview, uri: vscode.Uri, diagnostics: readonly vscode.Diagnostic[]): void {
    for (const diagnostic of diagnostics) diagnostic.source = SOURCE;
    this.#diagnostics.set(uri, diagnostics);
    preview.marked = [...preview.marked, uri];
  }

  #clear(preview: Preview): void {
    for (const uri of preview.marked) this.#diagnostics.delete(uri);
    preview.marked = [];
  }

  #uriIn({ chart }: Preview, file: string): vscode.Uri {
    return vscode.Uri.file(path.join(chart.folder, file));
  }
}

/** Shows what the chart of the active editor renders to. */
export function previewTemplatesCommand(previews: TemplatePreviews): Command {
  return {
    id: commandIds.previewTemplates,
    title: 'Preview Rendered Templates',
    run: async (argument) => {
      const file = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
      if (!file) throw new UserProblem('No editor is open.', 'Open a file of a Helm chart and try again.');
      await previews.show(file);
    },
  };
}

function helmProgram(): string {
  const configured = vscode.workspace.getConfiguration().get<string>(settingName('helmPath')) ?? '';
  return configured.trim() === '' ? 'helm' : configured.trim();
}

function kubernetesVersion(): string {
  const configured = vscode.workspace.getConfiguration().get<string>(settingName('kubernetesVersion')) ?? '';
  return configured === '' ? NEWEST_KUBERNETES_VERSION : configured;
}

/** The files that the output names, as far as they are in the folder of the chart. */
async function readTemplates(folder: string, output: string): Promise<ReadonlyMap<string, string>> {
  const names = new Set([...output.matchAll(/^# Source: [^/\s]+\/(\S+)\s*$/gm)].flatMap(([, name]) => name ?? []));
  const texts = new Map<string, string>();
  for (const name of names) {
    if (name.split('/').includes('..')) continue;
    const text = await readFile(path.join(folder, name), 'utf8').catch(() => undefined);
    if (text !== undefined) texts.set(name, text);
  }
  return texts;
}

function toDiagnostic({ message, code, severity }: CheckedFinding, range: vscode.Range): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(range, message, SEVERITIES[severity]);
  diagnostic.code = code;
  return diagnostic;
}

function toRange({ range: { start, end } }: CheckedFinding): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

const SEVERITIES = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  hint: vscode.DiagnosticSeverity.Information,
} as const;

/** By the language server, which is started for it. */
export const checkBy =
  (server: LanguageServer): CheckText =>
  async (uri, text) =>
    (await server.start()) ? server.request(checkTextRequest, { uri, text }) : undefined;
