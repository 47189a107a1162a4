/** One machine more than cores: while one waits (menu, key, network), another computes. Measured by `pnpm bench`. */
export const defaultJobs = (cpus: number): number => cpus + 1;
