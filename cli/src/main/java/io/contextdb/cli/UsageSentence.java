package io.contextdb.cli;

import io.contextdb.cli.output.Terminal;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line what is wrong with a command line, and where its help is. */
final class UsageSentence {
    private static final int NEAREST = 3;

    private UsageSentence() {}

    static String of(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        String what = wrong instanceof UnmatchedArgumentException unmatched
                ? unknown(unmatched)
                : String.valueOf(wrong.getMessage()).lines().findFirst().orElse("The command line is wrong");
        String end = what.endsWith("?") || what.endsWith(".") ? " See '" : "; see '";
        return Terminal.plain(what + end + command.getCommandSpec().qualifiedName() + " --help'");
    }

    /** Values are not shown: a URL may hold a password. */
    private static String unknown(UnmatchedArgumentException unmatched) {
        String first = unmatched.getUnmatched().isEmpty()
                ? ""
                : unmatched.getUnmatched().get(0);
        int value = first.indexOf('=');
        String name = value < 0 ? first : first.substring(0, value);
        String shown = name.indexOf(':') < 0 ? " '" + name + "'" : "";
        List<String> nearest = unmatched.getSuggestions();
        String hint = nearest.isEmpty()
                ? ""
                : "; did you mean " + String.join(" or ", nearest.subList(0, Math.min(NEAREST, nearest.size()))) + "?";
        boolean root = unmatched.getCommandLine().getParent() == null;
        String kind = unmatched.isUnknownOption() ? "Unknown option" : root ? "Unknown command" : "Unexpected argument";
        return kind + shown + hint;
    }
}
