package io.contextdb.cli.chunk;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Set;
import java.util.function.Consumer;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;
import org.jspecify.annotations.Nullable;

/** HTML: headings, and the text of every block element; scripts, styles and navigation are left out. */
final class HtmlBlocks implements BlockReader {
    private static final Set<String> PREFORMATTED = Set.of("pre", "textarea");

    @Override
    public void read(BufferedReader text, Consumer<Block> blocks) throws IOException {
        StringWriter whole = new StringWriter();
        text.transferTo(whole);
        Element body = Jsoup.parse(whole.toString()).body();
        body.select("script, style, noscript, template, nav, [hidden], [aria-hidden=true], .headerlink")
                .remove();
        Visitor visitor = new Visitor(blocks);
        body.traverse(visitor);
        visitor.end();
    }

    private static boolean isHeading(Element element) {
        String name = element.normalName();
        return name.length() == 2 && name.charAt(0) == 'h' && name.charAt(1) >= '1' && name.charAt(1) <= '6';
    }

    private static final class Visitor implements NodeVisitor {
        private final Consumer<Block> blocks;
        private final StringBuilder inline = new StringBuilder();
        private @Nullable Node taken;
        private boolean item;

        Visitor(Consumer<Block> blocks) {
            this.blocks = blocks;
        }

        @Override
        public void head(Node node, int depth) {
            if (taken != null) {
                return;
            }
            if (node instanceof TextNode leaf) {
                append(leaf.text());
            } else if (node instanceof Element element) {
                if (isHeading(element)) {
                    end();
                    blocks.accept(new Block.Heading(element.normalName().charAt(1) - '0', element.text()));
                } else if (PREFORMATTED.contains(element.normalName())) {
                    end();
                    blocks.accept(new Block.Paragraph(element.wholeText(), false));
                } else if (element.normalName().equals("br")) {
                    inline.append('\n');
                } else if (element.normalName().equals("td")
                        || element.normalName().equals("th")) {
                    inline.append(inline.isEmpty() ? "" : " | ");
                } else if (element.isBlock()) {
                    end();
                    item = element.normalName().equals("li")
                            || element.normalName().equals("tr");
                }
            }
            taken = opens(node) ? node : null;
        }

        @Override
        public void tail(Node node, int depth) {
            if (node.equals(taken)) {
                taken = null;
            } else if (taken == null
                    && node instanceof Element element
                    && element.isBlock()
                    && !element.normalName().equals("td")
                    && !element.normalName().equals("th")) {
                end();
            }
        }

        /** Headings and preformatted text are taken whole at their beginning. */
        private static boolean opens(Node node) {
            return node instanceof Element element
                    && (isHeading(element) || PREFORMATTED.contains(element.normalName()));
        }

        private void append(String text) {
            boolean spaced = inline.isEmpty() || Character.isWhitespace(inline.charAt(inline.length() - 1));
            inline.append(spaced ? text.stripLeading() : text);
        }

        void end() {
            if (!inline.toString().isBlank()) {
                blocks.accept(new Block.Paragraph(inline.toString(), item));
            }
            inline.setLength(0);
            item = false;
        }
    }
}
