import type { Contract } from '../../../scenarios/contracts/contract.ts';
import { promisedTo } from '../../../scenarios/contracts/promised.ts';
import { QmpKeyboard } from '../../console/keys/qmp-keyboard.ts';
import type { Emit } from '../../events.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Cell } from '../../matrix/cell.ts';
import { isoFiles } from '../../images/loaders/files.ts';
import { findMenuTimeout } from '../../images/loaders/menu-timeout.ts';
import type { BootMenu } from '../watch/watch.ts';

interface MenuContext {
  machine: Machine;
  cell: Pick<Cell, 'id' | 'format' | 'label' | 'image' | 'firmware'>;
  contract: Pick<Contract, 'bootMenu'>;
  slowness: number;
  emit: Emit;
}

/**
 * What is known of an image's boot menu: after how long it goes on by itself, and, where the contract lets it wait for a
 * person, how it is answered then: by Enter, which boots its default entry, and the report says so.
 */
export function waitingMenu({ machine, cell, contract, slowness, emit }: MenuContext): BootMenu {
  const { image, firmware } = cell;
  const mayWait = promisedTo(cell, contract.bootMenu?.waits ?? {}) === true;
  return {
    ...(image.kind === 'iso' && firmware !== 'u-boot'
      ? { menuTimeout: () => findMenuTimeout(isoFiles(image.path), firmware) }
      : {}),
    ...(mayWait ? { answerMenu } : {}),
  };

  async function answerMenu(name: string | null): Promise<void> {
    const whose = name === null ? '' : ` of ${name}`;
    const text = `${cell.id}: its boot menu${whose} waits for a person, as its contract allows: Enter was pressed there`;
    emit({ type: 'notice', level: 'info', text });
    // No bootloader switches the lights of a keyboard, which would be waited for.
    await new QmpKeyboard((...call) => machine.qmp(...call), { slowness }).press([['ret']]);
  }
}
