/** What a screen shows as text. */
export interface ScreenText {
  /** Without blanks at their ends; what is not ASCII, frames above all, is `?`. */
  rows: readonly string[];
  /** Both counted from 0. */
  cursor: { row: number; column: number };
}
