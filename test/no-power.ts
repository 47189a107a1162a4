import type { Power } from '../harness/console/power.ts';

const refuse = (): Promise<never> => Promise.reject(new Error('this guest stays up'));

/** For guests that no test switches off. */
export const noPower: Power = { pressButton: refuse, afterAsking: refuse, comeBack: refuse };
