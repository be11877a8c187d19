package dev.kite.cel.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A variable, a choice or any expression, with what is selected of it. Its costs are upstream's: one for each selection, and one for the variable or
 * expression itself, but not where the attribute is a branch of a choice or an index.
 */
public final class Attribute extends Node {
    /** Where an attribute starts. */
    public interface Base {
        /** The value; the attribute's own cost is not in it. */
        Object resolve(Evaluation e);

        /** One, but for a choice. */
        default int cost() {
            return 1;
        }
    }

    /** A selection by a constant, or by what an attribute or expression gives. */
    private record Qualifier(Node key, boolean optional, boolean test) {}

    private final Base base;
    private final List<Qualifier> qualifiers;

    private Attribute(Base base, List<Qualifier> qualifiers) {
        this.base = base;
        this.qualifiers = qualifiers;
    }

    /** The base alone. */
    public static Attribute of(Base base) {
        return new Attribute(base, List.of());
    }

    /** The node as an attribute: itself, or the start of one. */
    public static Attribute of(Node node) {
        return node instanceof Attribute a ? a : of(node::eval);
    }

    /** A variable. */
    public static Attribute variable(int slot, String name) {
        return of(e -> {
            Object value = e.slot(slot);
            return switch (value) {
                case null -> throw new CelError("no such attribute(s): " + name);
                case CelError error -> throw error;
                case Pending pending -> pending.get(e, slot);
                default -> value;
            };
        });
    }

    /** A choice. */
    public static Attribute choice(Node condition, Node yes, Node no) {
        return of(new Base() {
            @Override
            public Object resolve(Evaluation e) {
                if (!(condition.eval(e) instanceof Boolean b)) {
                    throw CelError.noOverload();
                }
                Node branch = b ? yes : no;
                return branch instanceof Attribute a ? a.resolve(e) : branch.eval(e);
            }

            @Override
            public int cost() {
                return 0;
            }
        });
    }

    /** This and one selection more. */
    public Attribute select(Node key, boolean optional) {
        return with(new Qualifier(key, optional, false));
    }

    /** Whether this has the field. */
    public Attribute has(String field) {
        return with(new Qualifier(new Const(field), false, true));
    }

    private Attribute with(Qualifier qualifier) {
        List<Qualifier> more = new ArrayList<>(qualifiers);
        more.add(qualifier);
        return new Attribute(base, List.copyOf(more));
    }

    private boolean isTest() {
        return !qualifiers.isEmpty() && qualifiers.getLast().test;
    }

    @Override
    public Object eval(Evaluation e) {
        Object value = resolve(e);
        if (!isTest()) {
            e.spend(base.cost());
        } else if (base.cost() == 0) {
            e.spend(-1);
        }
        return value;
    }

    private Object resolve(Evaluation e) {
        Object value = base.resolve(e);
        boolean optional = false;
        if (value instanceof Optional<?> o && !qualifiers.isEmpty()) {
            if (o.isEmpty()) {
                return isTest() ? (Object) false : o;
            }
            value = o.get();
            optional = true;
        }
        for (Qualifier qualifier : qualifiers) {
            optional |= qualifier.optional;
            Object key = qualifier.key instanceof Attribute a ? a.resolve(e) : qualifier.key.eval(e);
            if (qualifier.test) {
                e.spend(1);
                return Selection.find(value, key, true) != null;
            }
            Object next = optional ? Selection.find(value, key, true) : found(e, value, key);
            if (next == null) {
                return Optional.empty();
            }
            e.spend(optional ? 1 : 0);
            value = next;
        }
        return optional ? Optional.of(value) : value;
    }

    private static @Nullable Object found(Evaluation e, Object value, Object key) {
        e.spend(1);
        return Selection.find(value, key, false);
    }
}
