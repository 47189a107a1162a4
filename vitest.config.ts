import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Each plays a virtual screen among this host's own processes, where every other guest that is this host would see it. */
const onVirtualScreens = ['scenarios/autologin.test.ts', 'scenarios/keyboard.test.ts'];

export default defineConfig({
  test: {
    // Most tests wait for processes and their clocks more than they compute.
    maxWorkers: availableParallelism() + 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{harness,config,scenarios,ovmf,reference,test}/**/*.test.ts'],
          exclude: [...onVirtualScreens, '**/*.boot.test.ts', '**/*.browser.test.ts', '**/node_modules/**'],
          // Only ends what hangs: no test is about speed, and any machine may be busy.
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: 'screen',
          include: onVirtualScreens,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          // The HTML report in a real Chromium.
          name: 'browser',
          include: ['test/**/*.browser.test.ts'],
          expect: { poll: { timeout: 60_000 } },
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: 'boot',
          include: ['{harness,reference,test}/**/*.boot.test.ts'],
          exclude: ['test/access/**', '**/node_modules/**'],
          // Machines compete for the same two cores: the files run one after another, each fills the cores itself.
          fileParallelism: false,
          testTimeout: 20 * 60_000,
          hookTimeout: 30 * 60_000,
        },
      },
      {
        test: {
          // Every way in, and every layout: many boots, for whoever changes these.
          name: 'access',
          include: ['test/access/**/*.boot.test.ts'],
          fileParallelism: false,
          testTimeout: 20 * 60_000,
          hookTimeout: 60 * 60_000,
        },
      },
    ],
  },
});
