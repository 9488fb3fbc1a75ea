// User settings for the editor that this project starts: nothing between the user and the manifest.
export const quietSettings = {
  'workbench.startupEditor': 'none',
  // Both are needed: the first hides the chat side bar, the second its commands and title-bar button.
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  // The samples are a folder inside a checkout, which is nobody's question here.
  'git.openRepositoryInParentFolders': 'never',
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'editor.minimap.enabled': false,
};

/** What the tests add: no motion in pictures, no repository views, nothing kept between two runs. */
export const testSettings = {
  ...quietSettings,
  'workbench.reduceMotion': 'on',
  // Terminals are drawn as text, so that it can be read.
  'terminal.integrated.gpuAcceleration': 'off',
  'git.enabled': false,
  'files.autoSave': 'off',
  'files.hotExit': 'off',
  'editor.accessibilitySupport': 'off',
  'editor.fontSize': 14,
  'editor.stickyScroll.enabled': false,
  'breadcrumbs.enabled': false,
  // With a history the wanted command may stand first before the list is filtered, and Enter comes too early.
  'workbench.commandPalette.history': 0,
};
