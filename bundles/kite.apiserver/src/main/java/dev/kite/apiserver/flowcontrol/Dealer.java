package dev.kite.apiserver.flowcontrol;

/**
 * Shuffle sharding: deals each flow a hand of queues, so that two flows seldom share all of theirs. A hand is a number of base (size, size - 1, ...) read from
 * the flow's hash. Immutable.
 */
final class Dealer {
    /** What of a hash may be used up: more would make some hands likelier than others. */
    static final int BITS = 60;

    private final int deck;
    private final int hand;

    Dealer(int deck, int hand) {
        if (!possible(deck, hand)) {
            throw new IllegalArgumentException("no hands of " + hand + " can be dealt from " + deck);
        }
        this.deck = deck;
        this.hand = hand;
    }

    static boolean possible(int deck, int hand) {
        return deck > 0 && hand > 0 && hand <= deck && deck <= 1 << 26 && entropy(deck, hand) <= BITS;
    }

    /** The bits of a hash that hands use up. */
    static int entropy(int deck, int hand) {
        return (int) Math.ceil(Math.log(deck) / Math.log(2) * hand);
    }

    int hand() {
        return hand;
    }

    /**
     * Deals.
     *
     * @param hash the flow's hash
     * @param into takes the hand: different numbers below the deck's size; at least as long as a hand
     */
    void deal(long hash, int[] into) {
        long left = hash;
        for (int i = 0; i < hand; i++) {
            long base = (long) deck - i;
            into[i] = (int) Long.remainderUnsigned(left, base);
            left = Long.divideUnsigned(left, base);
        }
        // Each is a number among the cards that are left; the highest first, so that those not yet moved stay so.
        for (int i = hand - 1; i >= 0; i--) {
            int card = into[i];
            for (int j = i; j > 0; j--) {
                if (card >= into[j - 1]) {
                    card++;
                }
            }
            into[i] = card;
        }
    }
}
