import type { InitializeParams } from 'vscode-languageserver';
import { isObject } from '#core/json.ts';
import type { InitializationOptions } from '#core/protocol.ts';

/** What the client can do, as far as the server does things differently. */
export interface ClientAbilities {
  readonly configuration: boolean;
  readonly workspaceFolders: boolean;
  readonly watchedFiles: boolean;
  readonly pullDiagnostics: boolean;
  readonly diagnosticRefresh: boolean;
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
  /** Clients without literals understand only commands, which the server has none of. */
  readonly codeActionLiterals: boolean;
  /** Whether an edit may create the configuration file. */
  readonly createFiles: boolean;
  readonly snippets: boolean;
  readonly markdownHover: boolean;
  readonly hierarchicalSymbols: boolean;
  readonly lineFoldingOnly: boolean;
  readonly prepareRename: boolean;
  readonly codeLensRefresh: boolean;
  /** Whether the client has a command that makes every preferred fix; only our own extension says so. */
  readonly hasFixAllCommand: boolean;
}

export function readAbilities({ capabilities, initializationOptions }: InitializeParams): ClientAbilities {
  const { workspace, textDocument } = capabilities;
  return {
    configuration: workspace?.configuration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    watchedFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    pullDiagnostics: textDocument?.diagnostic !== undefined,
    diagnosticRefresh: workspace?.diagnostics?.refreshSupport === true,
    relatedInformation:
      textDocument?.publishDiagnostics?.relatedInformation === true || relatedOnPull(textDocument?.diagnostic),
    codeDescription: textDocument?.publishDiagnostics?.codeDescriptionSupport === true,
    codeActionLiterals: textDocument?.codeAction?.codeActionLiteralSupport !== undefined,
    createFiles:
      workspace?.workspaceEdit?.documentChanges === true &&
      workspace.workspaceEdit.resourceOperations?.includes('create') === true,
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    markdownHover: textDocument?.hover?.contentFormat?.includes('markdown') === true,
    hierarchicalSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    lineFoldingOnly: textDocument?.foldingRange?.lineFoldingOnly === true,
    prepareRename: textDocument?.rename?.prepareSupport === true,
    codeLensRefresh: workspace?.codeLens?.refreshSupport === true,
    hasFixAllCommand: readInitializationOptions(initializationOptions).fixAllCommand === true,
  };
}

/** Reads `initializationOptions`, which any client may leave out or fill with something else. */
export function readInitializationOptions(raw: unknown): InitializationOptions {
  if (!isObject(raw)) return {};
  return {
    ...('settings' in raw ? { settings: raw['settings'] } : {}),
    otherValidators: raw['otherValidators'] === true,
    wantsStatus: raw['wantsStatus'] === true,
    fixAllCommand: raw['fixAllCommand'] === true,
  };
}

function relatedOnPull(diagnostic: unknown): boolean {
  return isObject(diagnostic) && diagnostic['relatedInformation'] === true;
}
