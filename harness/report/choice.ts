/** Reports that `--reporter` names. The first three are files that are always written; `plain` is a view, not a file. */
export const reporterNames = ['junit', 'json', 'html', 'tap', 'markdown', 'github', 'plain'] as const;
export type ReporterName = (typeof reporterNames)[number];

/** Those that are files, and what they are called in the output directory where no other place is asked for. */
export const reportFiles = {
  junit: 'junit.xml',
  json: 'summary.json',
  html: 'index.html',
  tap: 'report.tap',
  markdown: 'report.md',
} as const satisfies Partial<Record<ReporterName, string>>;
export type FileReport = keyof typeof reportFiles;

export const isFileReport = (name: ReporterName): name is FileReport => Object.hasOwn(reportFiles, name);

/** A report that was asked for. */
export interface ReporterChoice {
  name: ReporterName;
  /** Absolute path. @default its own name in the output directory */
  file?: string;
}

/** Where the pictures of the HTML report are. */
export const pictureModes = ['linked', 'single'] as const;
export type PictureMode = (typeof pictureModes)[number];

export interface ReportOptions {
  /** Beside those that are always written. */
  reporters: readonly ReporterChoice[];
  pictures: PictureMode;
}
