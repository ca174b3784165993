/** Why a campaign shows or not, for people: the texts of `engine::reason::Reason`, by code. */

/** A text, and whether it means that the campaign shows. */
export interface ReasonText {
  readonly name: string;
  readonly text: string;
  readonly shows: boolean;
}

const reason = (name: string, text: string, shows = false): ReasonText => ({ name, text, shows });

export const REASONS: Readonly<Record<number, ReasonText>> = {
  1: reason("Won", "shows: everything held and nothing outranked it", true),
  2: reason("Forced", "shows: a preview asked for it", true),
  3: reason("Holdout", "won, but this shopper is in the holdout: the shop's own markup stays"),
  4: reason("NoCampaign", "no campaign of this slot could show"),
  10: reason("Withdrawn", "withdrawn by the shop after the release"),
  11: reason("NotStarted", "its schedule has not begun"),
  12: reason("Ended", "its schedule is over"),
  13: reason("Consent", "the shopper has not allowed what it needs"),
  14: reason("Audience", "the shopper is not in its audience"),
  15: reason("ConditionError", "its audience could not be computed"),
  16: reason("Capped", "seen as often as its cap allows"),
  17: reason("Namespace", "another experiment owns this shopper"),
  18: reason("Coverage", "outside the experiment's share of shoppers"),
  19: reason("Group", "another campaign of its group shows"),
  20: reason("Outranked", "a campaign of higher priority shows here"),
  21: reason("OtherSlot", "its slot is not on this page"),
  22: reason("NotTriggered", "its trigger has not fired"),
  23: reason("Unfilled", "its row could not be filled"),
  24: reason("NoUnit", "under test, and there is no id to choose a group by"),
  25: reason("OffHours", "outside the days and hours of its schedule"),
  26: reason("PageLimit", "the page shows as many campaigns of its kind as it may"),
};

/** The text of a reason by its code or its name; unknown ones say so. */
export function reasonText(reason: unknown): ReasonText {
  const found =
    typeof reason === "number" ? REASONS[reason] : Object.values(REASONS).find(({ name }) => name === reason);
  return (
    found ?? {
      name: String(reason),
      text: `a reason that this inspector does not know (${String(reason)})`,
      shows: false,
    }
  );
}
