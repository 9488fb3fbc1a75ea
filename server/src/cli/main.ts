import { runCommandLine } from '#server/main.ts';

void runCommandLine();
