/** Emoji by their Slack shortcodes: the common ones; an unknown code stays as it was typed. */

const COMMON = `
+1 👍 -1 👎 thumbsup 👍 thumbsdown 👎 eyes 👀 tada 🎉 heart ❤️ fire 🔥 rocket 🚀 pray 🙏 clap 👏
raised_hands 🙌 wave 👋 ok_hand 👌 muscle 💪 point_right 👉 point_left 👈 point_up ☝️ point_down 👇
smile 😄 smiley 😃 grinning 😀 grin 😁 joy 😂 slightly_smiling_face 🙂 wink 😉 blush 😊 thinking_face 🤔
sweat_smile 😅 sob 😭 cry 😢 confused 😕 disappointed 😞 scream 😱 sunglasses 😎 robot_face 🤖 ghost 👻
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ warning ⚠️ no_entry ⛔ no_entry_sign 🚫
question ❓ exclamation ❗ bulb 💡 information_source ℹ️ zap ⚡ star ⭐ star2 🌟 sparkles ✨ boom 💥 bug 🐛
red_circle 🔴 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 white_circle ⚪ black_circle ⚫
hourglass ⌛ hourglass_flowing_sand ⏳ stopwatch ⏱️ alarm_clock ⏰ watch ⌚ calendar 📅 date 📅
mag 🔍 mag_right 🔎 link 🔗 pushpin 📌 round_pushpin 📍 bookmark 🔖 label 🏷️ memo 📝 pencil 📝 pencil2 ✏️
chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 clipboard 📋 page_facing_up 📄
file_folder 📁 open_file_folder 📂 package 📦 floppy_disk 💾 card_index_dividers 🗂️ wastebasket 🗑️
wrench 🔧 hammer 🔨 gear ⚙️ hammer_and_wrench 🛠️ microscope 🔬 test_tube 🧪 dna 🧬 brain 🧠 books 📚
lock 🔒 unlock 🔓 key 🔑 bell 🔔 no_bell 🔕 mega 📣 loudspeaker 📢 speech_balloon 💬 email 📧 inbox_tray 📥
outbox_tray 📤 arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrows_counterclockwise 🔄 repeat 🔁
heavy_plus_sign ➕ heavy_minus_sign ➖ trophy 🏆 medal 🏅 first_place_medal 🥇 second_place_medal 🥈
third_place_medal 🥉 dart 🎯 100 💯 checkered_flag 🏁 triangular_flag_on_post 🚩 construction 🚧 house 🏠
crystal_ball 🔮 compass 🧭 snail 🐌 turtle 🐢 coffee ☕ cake 🍰 seedling 🌱 herb 🌿 sunny ☀️ cloud ☁️ snowflake ❄️
`;

const BY_CODE = new Map(COMMON.trim().split(/\s+/).reduce(pairUp, []));

/** The emoji of a shortcode without its colons, or undefined. */
export function emoji(code) {
  return BY_CODE.get(code.replace(/::skin-tone-\d$/, ""));
}

/** Text with every known :shortcode: replaced. */
export function withEmoji(text) {
  return text.replace(
    /:([a-z0-9_+-]+(?:::skin-tone-\d)?):/g,
    (whole, code) => emoji(code) ?? whole,
  );
}

function pairUp(pairs, word, index) {
  if (index % 2 === 0) pairs.push([word]);
  else pairs.at(-1).push(word);
  return pairs;
}
