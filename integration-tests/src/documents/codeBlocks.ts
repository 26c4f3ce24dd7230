// The code blocks of a Markdown page, in order: what tests run so that pages stay true.

export interface CodeBlock {
  /** What stands behind the fence: `cedar wrong`. */
  readonly info: string;
  readonly text: string;
}

export function readCodeBlocks(page: string): CodeBlock[] {
  return [...page.matchAll(/^```([^\n]*)\n([^]*?)^```$/gm)].map(([, info = '', text = '']) => ({
    info,
    text,
  }));
}
