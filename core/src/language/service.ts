import type { CodeAction } from 'vscode-languageserver-types';
import { provideCodeActions, type CodeActionRequest } from '#core/language/codeActions.ts';

/** Every feature of the editor, built once and handed to each other here and nowhere else. */
export class LanguageService {
  codeActions(request: CodeActionRequest): readonly CodeAction[] {
    return provideCodeActions(request);
  }
}
