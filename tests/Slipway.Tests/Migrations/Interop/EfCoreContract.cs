using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Slipway.Settings;
using Slipway.Tests.Support;

namespace Slipway.Tests.Migrations.Interop;

/// <summary>EF Core itself, and the script that it writes of its migrations.</summary>
public abstract class EfCoreContract(PostgresCluster cluster, MigrationsSqlGenerationOptions options)
    : InteropContract(
        cluster,
        "efcore",
        """
        SELECT string_agg("MigrationId" || ' ' || "ProductVersion", ',' ORDER BY "MigrationId") FROM "__EFMigrationsHistory"
        """
    )
{
    private string? _last;

    private protected override void First() => WriteScript("20260102000000_Rows");

    private protected override void Second() => WriteScript(null);

    private protected override async Task UpAsync(DatabaseUrl url)
    {
        await using var shop = new Shop(url);
        await shop.GetService<IMigrator>().MigrateAsync(_last, Token);
    }

    private protected override async Task<bool> IsUpToDateAsync(DatabaseUrl url)
    {
        await using var shop = new Shop(url);
        return !(await shop.Database.GetPendingMigrationsAsync(Token)).Any();
    }

    // What `dotnet ef migrations script` writes.
    private void WriteScript(string? last)
    {
        _last = last;
        using var shop = new Shop(DatabaseUrl.Parse("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none"));
        var script = shop.GetService<IMigrator>().GenerateScript(null, last, options);
        File.WriteAllText(Path.Combine(Project.Folder, "script.sql"), "\uFEFF" + script);
    }

    private sealed class Shop(DatabaseUrl url) : DbContext
    {
        protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) =>
            optionsBuilder.UseNpgsql(
                $"Host={url.Host};Port={url.Port};Username={url.User};Database={url.Database};Pooling=false"
            );
    }

    [DbContext(typeof(Shop))]
    [Migration("20260101000000_Users")]
    private sealed class Users : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.CreateTable(
                "users",
                table => new { id = table.Column<int>(), name = table.Column<string>(nullable: true) },
                constraints: table => table.PrimaryKey("users_pkey", row => row.id)
            );
    }

    [DbContext(typeof(Shop))]
    [Migration("20260102000000_Rows")]
    private sealed class Rows : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("INSERT INTO users VALUES (1, 'a;b''c');");
            migrationBuilder.AddColumn<DateOnly>("born", "users", nullable: true);
        }
    }

    [DbContext(typeof(Shop))]
    [Migration("20260103000000_Index")]
    private sealed class Index : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.CreateIndex("users_name", "users", "name");
    }

    [DbContext(typeof(Shop))]
    [Migration("20260104000000_Function")]
    private sealed class Function : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql(
                "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 2; END $$;"
            );
    }
}
