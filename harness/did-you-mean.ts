import { closestMatch } from 'leven';

/** The known word that somebody meant who wrote another: one slip in three letters is a slip, more is another word. */
export function nearest(got: string, known: readonly string[]): string | undefined {
  return closestMatch(got, known, { maxDistance: Math.max(1, Math.floor(got.length / 3)) });
}

/** What to put behind a sentence about an unknown word: ` (did you mean 'doctor'?)`, or nothing. */
export function didYouMean(got: string, known: readonly string[]): string {
  const meant = nearest(got, known);
  return meant === undefined || meant === got ? '' : ` (did you mean '${meant}'?)`;
}
