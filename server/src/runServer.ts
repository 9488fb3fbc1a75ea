import process from 'node:process';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { ConnectionLog } from '#server/connectionLog.ts';
import { diskFiles } from '#server/files/diskFiles.ts';
import { pagesBeside } from '#server/rulePages.ts';
import { loadBundledSchemas } from '#server/schemas/bundled.ts';
import { startServer } from '#server/server.ts';

/**
 * Serves the client that the command line names (`--stdio`, `--node-ipc`, `--socket`, `--pipe`) until it says `exit` or goes away;
 * the library then ends the process. An error that nobody caught is logged and the server goes on: documents are worth more than a clean stop.
 */
export function runServer(schemaFolder: string): void {
  const connection = createConnection(ProposedFeatures.all);
  const log = new ConnectionLog(connection.console);
  process.on('uncaughtException', (error) => log.error('An error reached nobody', error));
  process.on('unhandledRejection', (reason) => log.error('A promise failed and nobody looked', reason));
  const loadSchemas = (): ReturnType<typeof loadBundledSchemas> => loadBundledSchemas(schemaFolder);
  startServer(connection, { files: diskFiles, log, loadSchemas, pageOf: pagesBeside(schemaFolder) });
  connection.listen();
}
