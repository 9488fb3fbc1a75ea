import * as vscode from 'vscode';
import { modelTools, type Tool, type ToolDeps } from '#client/tools/toolAnswers.ts';
import { objectOf } from '#core/json.ts';
import { plainText } from '#core/live/plainText.ts';

/**
 * What language models may know: how data clusters are, what an operation would do, what was done. They read and plan; there is no tool
 * that runs anything. Only contexts that the user has connected are looked at: no model makes this program contact a cluster by itself.
 */
export function registerModelTools(deps: ToolDeps): vscode.Disposable {
  return vscode.Disposable.from(
    ...modelTools(deps).map((tool) => vscode.lm.registerTool(tool.name, asTool(tool, deps))),
  );
}

function asTool({ title, isAskedFor, answer, name }: Tool, { log }: ToolDeps): vscode.LanguageModelTool<unknown> {
  return {
    prepareInvocation: ({ input }) => ({
      invocationMessage: title(objectOf(input)),
      ...(isAskedFor
        ? {
            confirmationMessages: {
              title: title(objectOf(input)),
              message: 'The cluster and its brokers are asked, and nothing is changed.',
            },
          }
        : {}),
    }),
    invoke: async ({ input }) => {
      const text = await answer(objectOf(input)).catch((error: unknown) => {
        log.warn(`The tool ${name} could not answer.`);
        return `It could not be answered: ${plainText(error instanceof Error ? error.message : String(error), 1000)}`;
      });
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
    },
  };
}
