namespace RedNote.Frontend.Hosting;

/// <summary>Which other sites may call the API from a browser: <c>RedNote:Cors:Origins</c>. Default none.</summary>
internal static class Origins
{
    public static void AddOrigins(this WebApplicationBuilder builder)
    {
        var origins = builder.Configuration.GetSection("RedNote:Cors:Origins").Get<string[]>() ?? [];
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(origins)
            .AllowAnyHeader()
            .AllowAnyMethod()
            .AllowCredentials()
            .WithExposedHeaders("Retry-After")
            .SetPreflightMaxAge(TimeSpan.FromMinutes(10))));
    }
}
