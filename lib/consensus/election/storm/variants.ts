/** Planted bugs of elections. */
import { withIds } from "../../../hosts";
import type { Variant } from "../../../hosts";
import { aroundHost } from "../../../protocol";
import type { Event, Host, Message } from "../../../protocol";
import { Bully } from "../bully";
import type { BullyMessage, BullyTimer } from "../bully";
import { ChangRoberts } from "../chang-roberts";
import type { ChangRobertsMessage } from "../chang-roberts";
import { HirschbergSinclair } from "../hirschberg-sinclair";
import type { HirschbergSinclairMessage } from "../hirschberg-sinclair";
import { Invitation } from "../invitation";
import type { InvitationMessage, InvitationTimer } from "../invitation";
import { Lcr } from "../lcr";
import type { ElectionStormPlan } from "./plan";

interface ElectionVariant extends Variant<ElectionStormPlan> {
  readonly elector: unknown;
}

type BullyHost = Host<BullyMessage, BullyTimer>;
type InvitationHost = Host<InvitationMessage, InvitationTimer>;

function withoutSaves<M extends Message, T>(host: Host<M, T>): Host<M, T> {
  return aroundHost(host, { save: () => undefined });
}

class ForgetfulBully extends Bully {
  override handle(event: Event<BullyMessage, BullyTimer>, host: BullyHost): void {
    super.handle(event, withoutSaves(host));
  }
}

class ReturningBully extends Bully {
  protected override isOld(): boolean {
    return false;
  }
}

/** Who answered must lead: nobody looks whether it does. */
class TrustingBully extends Bully {
  override handle(event: Event<BullyMessage, BullyTimer>, host: BullyHost): void {
    if (event.kind === "timer" && event.timer === "coordinator") return;
    super.handle(event, host);
  }
}

class ForgetfulInvitation extends Invitation {
  override handle(event: Event<InvitationMessage, InvitationTimer>, host: InvitationHost): void {
    super.handle(event, withoutSaves(host));
  }
}

/** "No, you are not in my group": it stays nevertheless. */
class ClingingInvitation extends Invitation {
  override handle(event: Event<InvitationMessage, InvitationTimer>, host: InvitationHost): void {
    const { message } = event as { message?: InvitationMessage };
    const yes = message?.type === "no" ? ({ ...message, type: "yes" } as const) : message;
    super.handle(yes === undefined ? event : ({ ...event, message: yes } as typeof event), host);
  }
}

/** Those who accepted wait for a word that never comes, for ever. */
class WaitingInvitation extends Invitation {
  override handle(event: Event<InvitationMessage, InvitationTimer>, host: InvitationHost): void {
    if (event.kind === "timer" && event.timer === "recover") return;
    super.handle(event, host);
  }
}

/** A lower name is passed on too, and comes back to its owner. */
class GenerousChangRoberts extends ChangRoberts {
  protected override passes(): boolean {
    return true;
  }
}

class GenerousLcr extends Lcr {
  protected override passes(): boolean {
    return true;
  }
}

class GenerousHirschbergSinclair extends HirschbergSinclair {
  protected override passes(): boolean {
    return true;
  }
}

class ForgetfulChangRoberts extends ChangRoberts {
  override handle(
    event: Event<ChangRobertsMessage, "election">,
    host: Host<ChangRobertsMessage, "election">,
  ): void {
    super.handle(event, withoutSaves(host));
  }
}

/** Names that have gone far enough do not turn round. */
class StraightHirschbergSinclair extends HirschbergSinclair {
  override handle(
    event: Event<HirschbergSinclairMessage, never>,
    host: Host<HirschbergSinclairMessage, never>,
  ): void {
    const send = (to: string, message: HirschbergSinclairMessage): void => {
      if (message.type !== "reply") host.send(to, message);
    };
    super.handle(event, aroundHost(host, { send }));
  }
}

const bully = { plan: { algorithm: "bully" } } as const;
const invitation = { plan: { algorithm: "invitation" } } as const;
const ring = { plan: { algorithm: "changRoberts" } } as const;
const lcr = { plan: { algorithm: "lcr" } } as const;
const sinclair = { plan: { algorithm: "hirschbergSinclair" } } as const;

export const electionVariants = withIds<ElectionVariant>([
  { name: "bully: the epoch not saved", section: "III", elector: ForgetfulBully, ...bully },
  {
    name: "bully: a deposed leader is followed",
    section: "III",
    elector: ReturningBully,
    ...bully,
  },
  { name: "bully: who answered must lead", section: "III", elector: TrustingBully, ...bully },
  {
    name: "invitation: group numbers not saved",
    section: "IV",
    elector: ForgetfulInvitation,
    ...invitation,
  },
  {
    name: "invitation: a no is taken for a yes",
    section: "IV",
    elector: ClingingInvitation,
    ...invitation,
  },
  {
    name: "invitation: who accepted waits for ever",
    section: "IV",
    elector: WaitingInvitation,
    ...invitation,
  },
  {
    name: "ring: lower names pass too",
    section: "Chang 2",
    elector: GenerousChangRoberts,
    ...ring,
  },
  {
    name: "ring: the number of the election not saved",
    section: "Chang 2",
    elector: ForgetfulChangRoberts,
    // A number is used again when all who knew it crash before those who are back have heard it.
    plan: { algorithm: "changRoberts", nodes: 3, faultEveryMs: 150 },
  },
  { name: "LCR: lower names pass too", section: "Lynch 3.3", elector: GenerousLcr, ...lcr },
  {
    name: "two-way ring: lower names pass too",
    section: "Lynch 3.4",
    elector: GenerousHirschbergSinclair,
    ...sinclair,
  },
  {
    name: "two-way ring: names do not turn round",
    section: "Lynch 3.4",
    elector: StraightHirschbergSinclair,
    ...sinclair,
  },
]);
