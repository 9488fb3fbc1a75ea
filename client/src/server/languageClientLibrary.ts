/** dist/languageClient.cjs: the editor's library for language servers, which is larger than the rest of the extension. */
export * from 'vscode-languageclient/node';
