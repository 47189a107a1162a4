import type { ScreenText } from '../screen/screen-text.ts';
import { grub } from './grub.ts';
import type { Deed, Loader, MenuRequest, Step } from './loader.ts';
import { syslinux, syslinuxMenu } from './syslinux.ts';
import { systemdBoot } from './systemd-boot.ts';

/** In this order: systemd-boot's menu has the fewest words of its own. */
const loaders: readonly Loader[] = [grub, syslinux, syslinuxMenu, systemdBoot];

/** What comes next, and at whose menu; null where nobody's is seen. */
export function nextStep(
  screen: ScreenText,
  request: MenuRequest,
  before: Deed | null,
): { loader: Loader; step: Step } | null {
  for (const loader of loaders) {
    const step = loader.next(screen, request, before);
    if (step !== null) return { loader, step };
  }
  return null;
}
