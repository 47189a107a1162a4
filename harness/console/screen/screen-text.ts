/** What a screen shows as text. */
export interface ScreenText {
  /** Without blanks at their ends; what is not ASCII, frames above all, is `?`. */
  rows: readonly string[];
  /** Both counted from 0. */
  cursor: { row: number; column: number };
}

/** The rows up to the one of the cursor: what stands below was there before. */
export const untilCursor = ({ rows, cursor }: ScreenText): readonly string[] => rows.slice(0, cursor.row + 1);
