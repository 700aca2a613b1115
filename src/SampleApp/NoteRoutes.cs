using Npgsql;

namespace SampleApp;

/// <summary>Notes of the user who is logged in; a deleted note can be restored until the grace period is over.</summary>
internal static class NoteRoutes
{
    private const string Columns = "id, title, body, created_at, updated_at";

    public static void Map(WebApplication app)
    {
        var notes = app.MapGroup("/api/notes");
        notes.MapPost("/", CreateAsync);
        notes.MapGet("/", ListAsync);
        notes.MapGet(
            "/{id:long}",
            (HttpContext context, long id) =>
                OneAsync(
                    context,
                    $"SELECT {Columns} FROM notes WHERE id = $1 AND user_id = $2 AND deleted_at IS NULL",
                    id
                )
        );
        notes.MapDelete("/{id:long}", DeleteAsync);
        notes.MapPost(
            "/{id:long}/restore",
            (HttpContext context, long id) =>
                OneAsync(
                    context,
                    $"UPDATE notes SET deleted_at = NULL WHERE id = $1 AND user_id = $2 RETURNING {Columns}",
                    id
                )
        );
        app.MapGet("/api/me/export", ExportAsync);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context,
        NoteText text,
        Tokens tokens,
        NpgsqlDataSource database
    )
    {
        if (tokens.UserOf(context.Request) is not { } user)
        {
            return TypedResults.Unauthorized();
        }

        if ((text.Title ?? "").Trim().Length is 0 or > 200 || (text.Body ?? "").Length > 100_000)
        {
            return TypedResults.BadRequest(new Problem("title must have 1 to 200 characters, body at most 100,000"));
        }

        await using var command = database.CreateCommand(
            $"INSERT INTO notes (user_id, title, body) VALUES ($1, $2, $3) RETURNING {Columns}"
        );
        command.Parameters.Add(new() { Value = user });
        command.Parameters.Add(new() { Value = text.Title!.Trim() });
        command.Parameters.Add(new() { Value = text.Body ?? "" });
        var note = (await ReadAsync(command, context.RequestAborted))[0];
        return TypedResults.Created($"/api/notes/{note.Id}", note);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context,
        Tokens tokens,
        NpgsqlDataSource database,
        int limit = 50
    )
    {
        if (tokens.UserOf(context.Request) is not { } user)
        {
            return TypedResults.Unauthorized();
        }

        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM notes WHERE user_id = $1 AND deleted_at IS NULL ORDER BY created_at DESC LIMIT $2"
        );
        command.Parameters.Add(new() { Value = user });
        command.Parameters.Add(new() { Value = Math.Clamp(limit, 1, 200) });
        return TypedResults.Ok(await ReadAsync(command, context.RequestAborted));
    }

    private static async Task<IResult> OneAsync(HttpContext context, string sql, long id)
    {
        var services = context.RequestServices;
        if (services.GetRequiredService<Tokens>().UserOf(context.Request) is not { } user)
        {
            return TypedResults.Unauthorized();
        }

        await using var command = services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = user });
        return await ReadAsync(command, context.RequestAborted) is [var note]
            ? TypedResults.Ok(note)
            : TypedResults.NotFound();
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext context,
        long id,
        Tokens tokens,
        NpgsqlDataSource database
    )
    {
        if (tokens.UserOf(context.Request) is not { } user)
        {
            return TypedResults.Unauthorized();
        }

        await using var command = database.CreateCommand(
            "UPDATE notes SET deleted_at = now() WHERE id = $1 AND user_id = $2 AND deleted_at IS NULL"
        );
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = user });
        return await command.ExecuteNonQueryAsync(context.RequestAborted) == 1
            ? TypedResults.NoContent()
            : TypedResults.NotFound();
    }

    private static async Task<IResult> ExportAsync(HttpContext context, Tokens tokens, NpgsqlDataSource database)
    {
        if (tokens.UserOf(context.Request) is not { } user)
        {
            return TypedResults.Unauthorized();
        }

        await using var who = database.CreateCommand("SELECT email FROM users WHERE id = $1");
        who.Parameters.Add(new() { Value = user });
        var email = (string)(await who.ExecuteScalarAsync(context.RequestAborted))!;
        await using var notes = database.CreateCommand($"SELECT {Columns} FROM notes WHERE user_id = $1 ORDER BY id");
        notes.Parameters.Add(new() { Value = user });
        return TypedResults.Ok(new Export(new(user, email), await ReadAsync(notes, context.RequestAborted)));
    }

    private static async Task<List<Note>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var notes = new List<Note>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            notes.Add(
                new(rows.GetInt64(0), rows.GetString(1), rows.GetString(2), rows.GetDateTime(3), rows.GetDateTime(4))
            );
        }

        return notes;
    }
}
