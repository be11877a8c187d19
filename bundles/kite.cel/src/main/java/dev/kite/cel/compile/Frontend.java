package dev.kite.cel.compile;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.kite.cel.CelEnvironment;
import dev.kite.cel.CelException;
import dev.kite.cel.CelProgram;
import dev.kite.cel.CelType;
import dev.kite.cel.library.Function;
import dev.kite.cel.library.Functions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** dev.cel's parser and checker, and what becomes of the tree. */
final class Frontend {
    /** Bytes of stack for the checker's recursion: an expression of 100,000 characters can be a tree of that depth divided by two. */
    private static final long STACK = 64L << 20;

    private static final CelOptions OPTIONS = CelOptions.current()
            .enableReservedIds(true)
            .enableOptionalSyntax(true)
            .enableHiddenAccumulatorVar(true)
            .enableHeterogeneousNumericComparisons(true)
            .maxExpressionCodePointSize(100_000)
            .maxParseRecursionDepth(250)
            .maxParseErrorRecoveryLimit(30)
            .populateMacroCalls(false)
            .build();

    private static final Functions PLAIN = new Functions(false);
    private static final Functions MUTATION = new Functions(true);

    private Frontend() {}

    static CelProgram compile(String expression, CelEnvironment environment, CelType... accepted) throws CelException {
        try {
            return onDeepStack(() -> compileHere(expression, environment, accepted));
        } catch (StackOverflowError e) {
            throw issue("expression nests too deeply");
        }
    }

    /** The parser and checker recurse; a thread of its own, for the moment, has the stack for what the caller's may not. */
    private static CelProgram onDeepStack(Callable<CelProgram> work) throws CelException {
        FutureTask<CelProgram> task = new FutureTask<>(work);
        Thread thread = new Thread(null, task, "kite-cel-compile", STACK);
        thread.setDaemon(true);
        thread.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case CelException c -> throw c;
                case RuntimeException r -> throw r;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static CelProgram compileHere(String expression, CelEnvironment environment, CelType... accepted)
            throws CelException {
        TypeMapper types = new TypeMapper(environment.mutation());
        Functions functions = environment.mutation() ? MUTATION : PLAIN;
        var compiler = compiler(environment, types, functions);
        CelAbstractSyntaxTree parsed = tree(compiler.parse(expression, "<input>"), true);
        if (environment.mutation()) {
            Set<String> names = new HashSet<>();
            names(parsed.getExpr(), names);
            types.names(names);
        }
        CelAbstractSyntaxTree ast = tree(compiler.check(parsed), false);
        CelType type = types.back(ast.getResultType());
        if (accepted.length > 0 && !accepts(types, ast.getResultType(), accepted)) {
            String name = TypeNames.of(ast.getResultType());
            throw new CelException(CelException.Kind.RESULT_TYPE, name, List.of(new CelException.Issue(0, 0, name)));
        }
        return new Planner(ast, environment, functions).program(expression, type);
    }

    private static CelAbstractSyntaxTree tree(CelValidationResult result, boolean syntax) throws CelException {
        if (result.hasError()) {
            throw issues(result, syntax);
        }
        try {
            return result.getAst();
        } catch (CelValidationException e) {
            throw issues(result, syntax);
        }
    }

    private static void names(CelExpr e, Set<String> into) {
        switch (e.getKind()) {
            case SELECT -> {
                into.add(e.select().field());
                names(e.select().operand(), into);
            }
            case CALL -> {
                e.call().target().ifPresent(t -> names(t, into));
                e.call().args().forEach(a -> names(a, into));
            }
            case LIST -> e.list().elements().forEach(x -> names(x, into));
            case MAP ->
                e.map().entries().forEach(x -> {
                    names(x.key(), into);
                    names(x.value(), into);
                });
            case STRUCT ->
                e.struct().entries().forEach(x -> {
                    into.add(x.fieldKey());
                    names(x.value(), into);
                });
            case COMPREHENSION -> {
                CelExpr.CelComprehension c = e.comprehension();
                for (CelExpr part : List.of(c.iterRange(), c.accuInit(), c.loopCondition(), c.loopStep(), c.result())) {
                    names(part, into);
                }
            }
            default -> {}
        }
    }

    private static boolean accepts(TypeMapper types, dev.cel.common.types.CelType type, CelType... accepted) {
        for (CelType a : accepted) {
            if (types.add(a).equals(type) || TypeNames.of(types.add(a)).equals(TypeNames.of(type))) {
                return true;
            }
        }
        return false;
    }

    private static dev.cel.compiler.CelCompiler compiler(
            CelEnvironment environment, TypeMapper types, Functions functions) {
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addMacros(Macros.ALL)
                .setTypeProvider(types);
        environment.variables().forEach((name, type) -> builder.addVar(name, types.add(type)));
        Map<String, List<CelOverloadDecl>> overloads = new HashMap<>();
        functions.all().forEach((name, forms) -> {
            for (Function form : forms) {
                overloads.computeIfAbsent(name, n -> new ArrayList<>()).add(overload(form));
            }
        });
        overloads.forEach(
                (name, forms) -> builder.addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(name, forms)));
        return builder.build();
    }

    private static CelOverloadDecl overload(Function form) {
        var result = TypeMapper.of(form.result());
        List<dev.cel.common.types.CelType> parameters =
                form.parameters().stream().map(TypeMapper::of).toList();
        return form.member()
                ? CelOverloadDecl.newMemberOverload(form.id(), result, parameters)
                : CelOverloadDecl.newGlobalOverload(form.id(), result, parameters);
    }

    private static CelException issues(CelValidationResult result, boolean syntax) {
        List<CelException.Issue> issues = new ArrayList<>();
        List<CelIssue> shown = new ArrayList<>();
        IssueWords words = new IssueWords(result.getSource(), syntax);
        for (CelIssue issue : result.getErrors()) {
            if (shown.size() > IssueWords.MOST) {
                break;
            }
            CelIssue reworded = shown.size() == IssueWords.MOST ? IssueWords.tooMany(issue) : words.of(issue);
            shown.add(reworded);
            issues.add(new CelException.Issue(
                    reworded.getSourceLocation().getLine(),
                    reworded.getSourceLocation().getColumn() + 1,
                    reworded.getMessage()));
        }
        if (issues.isEmpty()) {
            return issue(result.getErrorString());
        }
        return new CelException(CelException.Kind.INVALID, words.display(shown), issues);
    }

    static CelException issue(String message) {
        return new CelException(CelException.Kind.INVALID, message, List.of(new CelException.Issue(0, 0, message)));
    }
}
