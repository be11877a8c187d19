package dev.kite.apiserver.flowcontrol;

import dev.kite.apiserver.flowcontrol.Allocation.Division;
import dev.kite.apiserver.flowcontrol.Allocation.Want;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** How the server's seats are divided among the levels: nominally by their shares, at each moment by what they use of theirs. Stateless. */
final class Shares {
    private Shares() {}

    /** Divides nominally. */
    static void divide(int server, Collection<LevelShare> levels) {
        double all = 0;
        for (LevelShare level : levels) {
            all += level.level().spec().shares();
        }
        for (LevelShare level : levels) {
            level.divide(server, all);
        }
    }

    /**
     * Lends what levels don't use to those that could use it. What exempt levels use is taken from the others.
     *
     * @return the multiple of its aim that each gets, 0 where not even the aims can be had
     */
    static double lend(Collection<LevelShare> levels) {
        levels.forEach(LevelShare::learn);
        List<LevelShare> limited = new ArrayList<>();
        int nominal = 0;
        int left = 0;
        int lowest = 0;
        int least = 0;
        for (LevelShare level : levels) {
            nominal += level.nominal();
            left += level.nominal();
            if (level.level().spec().exempt()) {
                int used = Math.max(level.lowest(), level.watermark());
                left -= used;
                level.target(used);
                level.current(used);
            } else {
                limited.add(level);
                lowest += level.lowest();
                least += needed(level);
            }
        }
        for (LevelShare level : limited) {
            level.target(Math.max(needed(level), level.smoothed()));
        }
        if (left <= lowest) {
            limited.forEach(level -> level.current(level.lowest()));
            return 0;
        }
        if (left <= least) {
            double part = (double) (left - lowest) / (least - lowest);
            limited.forEach(level ->
                    level.current(level.lowest() + (int) Math.round((needed(level) - level.lowest()) * part)));
            return 0;
        }
        return fairly(nominal, limited);
    }

    private static double fairly(int seats, List<LevelShare> limited) {
        List<Want> wants = limited.stream()
                .map(level -> new Want(level.target(), needed(level), level.highest()))
                .toList();
        Division division = Allocation.divide(seats, wants);
        for (int i = 0; i < limited.size(); i++) {
            limited.get(i).current((int) Math.round(division.parts()[i]));
        }
        return division.multiple();
    }

    /** What a level may keep: what it used of what is its own. */
    private static int needed(LevelShare level) {
        return Math.max(level.lowest(), Math.min(level.nominal(), level.watermark()));
    }
}
