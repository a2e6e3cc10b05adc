package io.contextdb.backend.embedded;

import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Fields;
import io.contextdb.spi.value.PropertyMap;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row as filters see it, of which only what the filter asks for is read: most rows of a scan do not match, and taking JSON apart costs
 * more than all else. The same instance shows each row of a result in turn.
 */
final class RowFields implements Fields {
    /**
     * Where the columns stand; 0 for what such rows do not have.
     *
     * @param text the id, where it is a text
     */
    record Layout(int id, int text, int labels, int source, int subject, int from, int to, int properties) {
        /** As in {@link PointRows#COLUMNS}. */
        static final Layout POINTS = new Layout(1, 0, 4, 5, 6, 2, 3, 7);

        /** As in {@link GraphRows#NODE_NOW}. */
        static final Layout NODES = new Layout(1, 0, 8, 9, 0, 3, 4, 12);

        /** As in {@link DocumentSearch#COLUMNS}. */
        static final Layout DOCUMENTS = new Layout(0, 1, 0, 0, 3, 0, 0, 2);
    }

    private final Layout layout;
    private @Nullable ResultSet row;
    private @Nullable PropertyMap properties;

    RowFields(Layout layout) {
        this.layout = layout;
    }

    /** Shows the row that a result stands at. */
    RowFields at(ResultSet current) {
        row = current;
        properties = null;
        return this;
    }

    @Override
    public boolean has(Field field) {
        return switch (field.kind()) {
            case ID -> true;
            case LABELS -> layout.labels() > 0;
            case PROPERTY -> properties().contains(field.path());
            case SOURCE -> !text(layout.source()).isEmpty();
            case SUBJECT -> !text(layout.subject()).isEmpty();
            case VALID_FROM -> layout.from() > 0;
            case VALID_TO -> layout.to() > 0 && instant(layout.to()) != Columns.OPEN;
            case TYPE, TIME -> false;
        };
    }

    @Override
    public @Nullable Object value(Field field) {
        if (field.kind() != Field.Kind.PROPERTY && !has(field)) {
            return null;
        }
        return switch (field.kind()) {
            case ID ->
                layout.text() > 0
                        ? text(layout.text())
                        : read(current -> Columns.uuid(current, layout.id()).toString());
            case LABELS -> List.copyOf(read(current -> Columns.labels(current, layout.labels())));
            case PROPERTY -> properties().get(field.path());
            case SOURCE -> text(layout.source());
            case SUBJECT -> text(layout.subject());
            case VALID_FROM -> Columns.instant(instant(layout.from()));
            case VALID_TO -> Columns.instant(instant(layout.to()));
            case TYPE, TIME -> null;
        };
    }

    private PropertyMap properties() {
        PropertyMap read = properties;
        if (read == null) {
            read = read(current -> Columns.properties(current, layout.properties()));
            properties = read;
        }
        return read;
    }

    private String text(int column) {
        return column == 0 ? "" : read(current -> current.getString(column));
    }

    private long instant(int column) {
        return read(current -> current.getLong(column));
    }

    private <T> T read(Database.Row<T> column) {
        ResultSet current = row;
        if (current == null) {
            throw new IllegalStateException("there is no row yet");
        }
        try {
            return column.read(current);
        } catch (SQLException failed) {
            throw StoreErrors.of(failed, Outcome.NOT_APPLIED);
        }
    }
}
