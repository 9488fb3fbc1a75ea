import { parseCommand, type Command } from '#server/cli/arguments.ts';
import { CliError, EXIT_CLEAN, EXIT_FAILED } from '#server/cli/errors.ts';
import { helpText } from '#server/cli/help.ts';
import type { CliWorld } from '#server/cli/world.ts';

/** Runs one command line and returns its exit code; the one place where errors of the program end. */
export async function runCli(args: readonly string[], world: CliWorld): Promise<number> {
  try {
    return await runCommand(parseCommand(args), world);
  } catch (error) {
    world.terminal.err(describeFailure(error));
    return EXIT_FAILED;
  }
}

/** Commands load what they need when they run, so that `--version` costs nothing. */
async function runCommand(command: Command, world: CliWorld): Promise<number> {
  const { terminal } = world;
  switch (command.name) {
    case 'help':
      terminal.out(helpText(command.topic));
      return EXIT_CLEAN;
    case 'version':
      terminal.out(`${world.version}\n`);
      return EXIT_CLEAN;
    case 'rules': {
      const { listRules } = await import('#server/cli/rules.ts');
      terminal.out(listRules(command.format));
      return EXIT_CLEAN;
    }
    case 'server': {
      const { runServer } = await import('#server/runServer.ts');
      runServer(world.schemaFolder);
      return new Promise<never>(() => undefined);
    }
    case 'lint': {
      const { lintFromDisk } = await import('#server/cli/lint/lintFromDisk.ts');
      return lintFromDisk(command.options, world);
    }
    case 'migrate': {
      const { migrateFromDisk } = await import('#server/cli/migrate/migrateFromDisk.ts');
      return migrateFromDisk(command.options, world);
    }
    case 'preview': {
      const { preview } = await import('#server/cli/preview/preview.ts');
      return preview(command.options, world);
    }
    case 'status': {
      const { status } = await import('#server/cli/status/status.ts');
      return status(command.options, world);
    }
    case 'operate': {
      const { operate } = await import('#server/cli/operate/operate.ts');
      return operate(command.options, world);
    }
    case 'resume': {
      const { resume } = await import('#server/cli/operate/operate.ts');
      return resume(command.options, world);
    }
    case 'cancel': {
      const { cancel } = await import('#server/cli/operate/cancel.ts');
      return cancel(command.options, world);
    }
    case 'report': {
      const { showReport } = await import('#server/cli/operate/showReport.ts');
      return showReport(command.options, world);
    }
  }
}

function describeFailure(error: unknown): string {
  if (error instanceof CliError) {
    const advice = error.advice === undefined ? '' : `\n${error.advice}`;
    return `data-clusters: ${error.message}${advice}\n`;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `data-clusters: an error inside the program, please report it:\n${detail}\n`;
}
