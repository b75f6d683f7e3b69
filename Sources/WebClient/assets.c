// Made by embed.py from the files below Assets.
#include "WebClient.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char asset_app_webmanifest[] = {
#embed "Assets/app.webmanifest"
};
static const unsigned char asset_icon_svg[] = {
#embed "Assets/icon.svg"
};
static const unsigned char asset_index_html[] = {
#embed "Assets/index.html"
};
static const unsigned char asset_later_askform_js[] = {
#embed "Assets/later/askform.js"
};
static const unsigned char asset_later_charts_js[] = {
#embed "Assets/later/charts.js"
};
static const unsigned char asset_later_dashboard_js[] = {
#embed "Assets/later/dashboard.js"
};
static const unsigned char asset_later_dashcommunity_js[] = {
#embed "Assets/later/dashcommunity.js"
};
static const unsigned char asset_later_dashlive_js[] = {
#embed "Assets/later/dashlive.js"
};
static const unsigned char asset_later_decisions_js[] = {
#embed "Assets/later/decisions.js"
};
static const unsigned char asset_later_discover_js[] = {
#embed "Assets/later/discover.js"
};
static const unsigned char asset_later_history_js[] = {
#embed "Assets/later/history.js"
};
static const unsigned char asset_later_item_js[] = {
#embed "Assets/later/item.js"
};
static const unsigned char asset_later_itemactions_js[] = {
#embed "Assets/later/itemactions.js"
};
static const unsigned char asset_later_moderation_js[] = {
#embed "Assets/later/moderation.js"
};
static const unsigned char asset_later_poll_js[] = {
#embed "Assets/later/poll.js"
};
static const unsigned char asset_later_privacy_js[] = {
#embed "Assets/later/privacy.js"
};
static const unsigned char asset_later_programs_js[] = {
#embed "Assets/later/programs.js"
};
static const unsigned char asset_later_projector_js[] = {
#embed "Assets/later/projector.js"
};
static const unsigned char asset_later_qa_js[] = {
#embed "Assets/later/qa.js"
};
static const unsigned char asset_later_qadialogs_js[] = {
#embed "Assets/later/qadialogs.js"
};
static const unsigned char asset_later_qakeys_js[] = {
#embed "Assets/later/qakeys.js"
};
static const unsigned char asset_later_qr_js[] = {
#embed "Assets/later/qr.js"
};
static const unsigned char asset_later_question_js[] = {
#embed "Assets/later/question.js"
};
static const unsigned char asset_later_queue_js[] = {
#embed "Assets/later/queue.js"
};
static const unsigned char asset_later_queuefilters_js[] = {
#embed "Assets/later/queuefilters.js"
};
static const unsigned char asset_later_raid_js[] = {
#embed "Assets/later/raid.js"
};
static const unsigned char asset_later_review_js[] = {
#embed "Assets/later/review.js"
};
static const unsigned char asset_later_reviewdialogs_js[] = {
#embed "Assets/later/reviewdialogs.js"
};
static const unsigned char asset_later_rules_js[] = {
#embed "Assets/later/rules.js"
};
static const unsigned char asset_later_tryout_js[] = {
#embed "Assets/later/tryout.js"
};
static const unsigned char asset_later_webhooks_js[] = {
#embed "Assets/later/webhooks.js"
};
static const unsigned char asset_lib_dom_js[] = {
#embed "Assets/lib/dom.js"
};
static const unsigned char asset_lib_emoji_js[] = {
#embed "Assets/lib/emoji.js"
};
static const unsigned char asset_lib_i18n_js[] = {
#embed "Assets/lib/i18n.js"
};
static const unsigned char asset_lib_keyed_js[] = {
#embed "Assets/lib/keyed.js"
};
static const unsigned char asset_lib_keymap_js[] = {
#embed "Assets/lib/keymap.js"
};
static const unsigned char asset_lib_pinyin_js[] = {
#embed "Assets/lib/pinyin.js"
};
static const unsigned char asset_lib_storage_js[] = {
#embed "Assets/lib/storage.js"
};
static const unsigned char asset_lib_store_js[] = {
#embed "Assets/lib/store.js"
};
static const unsigned char asset_lib_time_js[] = {
#embed "Assets/lib/time.js"
};
static const unsigned char asset_main_js[] = {
#embed "Assets/main.js"
};
static const unsigned char asset_model_app_js[] = {
#embed "Assets/model/app.js"
};
static const unsigned char asset_model_asides_js[] = {
#embed "Assets/model/asides.js"
};
static const unsigned char asset_model_community_js[] = {
#embed "Assets/model/community.js"
};
static const unsigned char asset_model_drafts_js[] = {
#embed "Assets/model/drafts.js"
};
static const unsigned char asset_model_live_js[] = {
#embed "Assets/model/live.js"
};
static const unsigned char asset_model_outbox_js[] = {
#embed "Assets/model/outbox.js"
};
static const unsigned char asset_model_people_js[] = {
#embed "Assets/model/people.js"
};
static const unsigned char asset_model_quoted_js[] = {
#embed "Assets/model/quoted.js"
};
static const unsigned char asset_model_recommendations_js[] = {
#embed "Assets/model/recommendations.js"
};
static const unsigned char asset_model_timeline_js[] = {
#embed "Assets/model/timeline.js"
};
static const unsigned char asset_model_timelines_js[] = {
#embed "Assets/model/timelines.js"
};
static const unsigned char asset_net_files_js[] = {
#embed "Assets/net/files.js"
};
static const unsigned char asset_net_http_js[] = {
#embed "Assets/net/http.js"
};
static const unsigned char asset_net_socket_js[] = {
#embed "Assets/net/socket.js"
};
static const unsigned char asset_style_app_css[] = {
#embed "Assets/style/app.css"
};
static const unsigned char asset_style_base_css[] = {
#embed "Assets/style/base.css"
};
static const unsigned char asset_style_composer_css[] = {
#embed "Assets/style/composer.css"
};
static const unsigned char asset_style_dashboard_css[] = {
#embed "Assets/style/dashboard.css"
};
static const unsigned char asset_style_discover_css[] = {
#embed "Assets/style/discover.css"
};
static const unsigned char asset_style_frame_css[] = {
#embed "Assets/style/frame.css"
};
static const unsigned char asset_style_hall_css[] = {
#embed "Assets/style/hall.css"
};
static const unsigned char asset_style_lists_css[] = {
#embed "Assets/style/lists.css"
};
static const unsigned char asset_style_log_css[] = {
#embed "Assets/style/log.css"
};
static const unsigned char asset_style_narrow_css[] = {
#embed "Assets/style/narrow.css"
};
static const unsigned char asset_style_qa_css[] = {
#embed "Assets/style/qa.css"
};
static const unsigned char asset_style_review_css[] = {
#embed "Assets/style/review.css"
};
static const unsigned char asset_text_live_js[] = {
#embed "Assets/text/live.js"
};
static const unsigned char asset_text_members_js[] = {
#embed "Assets/text/members.js"
};
static const unsigned char asset_text_moderators_js[] = {
#embed "Assets/text/moderators.js"
};
static const unsigned char asset_text_texts_js[] = {
#embed "Assets/text/texts.js"
};
static const unsigned char asset_view_announcer_js[] = {
#embed "Assets/view/announcer.js"
};
static const unsigned char asset_view_attached_js[] = {
#embed "Assets/view/attached.js"
};
static const unsigned char asset_view_attachments_js[] = {
#embed "Assets/view/attachments.js"
};
static const unsigned char asset_view_bots_js[] = {
#embed "Assets/view/bots.js"
};
static const unsigned char asset_view_completion_js[] = {
#embed "Assets/view/completion.js"
};
static const unsigned char asset_view_composer_js[] = {
#embed "Assets/view/composer.js"
};
static const unsigned char asset_view_emojipicker_js[] = {
#embed "Assets/view/emojipicker.js"
};
static const unsigned char asset_view_growingfield_js[] = {
#embed "Assets/view/growingfield.js"
};
static const unsigned char asset_view_help_js[] = {
#embed "Assets/view/help.js"
};
static const unsigned char asset_view_livestrip_js[] = {
#embed "Assets/view/livestrip.js"
};
static const unsigned char asset_view_log_js[] = {
#embed "Assets/view/log.js"
};
static const unsigned char asset_view_logbars_js[] = {
#embed "Assets/view/logbars.js"
};
static const unsigned char asset_view_logkeys_js[] = {
#embed "Assets/view/logkeys.js"
};
static const unsigned char asset_view_logrows_js[] = {
#embed "Assets/view/logrows.js"
};
static const unsigned char asset_view_logseen_js[] = {
#embed "Assets/view/logseen.js"
};
static const unsigned char asset_view_logstatus_js[] = {
#embed "Assets/view/logstatus.js"
};
static const unsigned char asset_view_markdown_js[] = {
#embed "Assets/view/markdown.js"
};
static const unsigned char asset_view_message_js[] = {
#embed "Assets/view/message.js"
};
static const unsigned char asset_view_notify_js[] = {
#embed "Assets/view/notify.js"
};
static const unsigned char asset_view_parts_js[] = {
#embed "Assets/view/parts.js"
};
static const unsigned char asset_view_profile_js[] = {
#embed "Assets/view/profile.js"
};
static const unsigned char asset_view_room_js[] = {
#embed "Assets/view/room.js"
};
static const unsigned char asset_view_roomactions_js[] = {
#embed "Assets/view/roomactions.js"
};
static const unsigned char asset_view_roomdialogs_js[] = {
#embed "Assets/view/roomdialogs.js"
};
static const unsigned char asset_view_rooms_js[] = {
#embed "Assets/view/rooms.js"
};
static const unsigned char asset_view_roster_js[] = {
#embed "Assets/view/roster.js"
};
static const unsigned char asset_view_router_js[] = {
#embed "Assets/view/router.js"
};
static const unsigned char asset_view_search_js[] = {
#embed "Assets/view/search.js"
};
static const unsigned char asset_view_settings_js[] = {
#embed "Assets/view/settings.js"
};
static const unsigned char asset_view_shell_js[] = {
#embed "Assets/view/shell.js"
};
static const unsigned char asset_view_sidebar_js[] = {
#embed "Assets/view/sidebar.js"
};
static const unsigned char asset_view_sidepane_js[] = {
#embed "Assets/view/sidepane.js"
};
static const unsigned char asset_view_signin_js[] = {
#embed "Assets/view/signin.js"
};
static const unsigned char asset_view_switcher_js[] = {
#embed "Assets/view/switcher.js"
};
static const unsigned char asset_view_thread_js[] = {
#embed "Assets/view/thread.js"
};
static const unsigned char asset_view_threadname_js[] = {
#embed "Assets/view/threadname.js"
};

static const struct lyceum_web_asset assets[] = {
    {"app.webmanifest", asset_app_webmanifest, sizeof asset_app_webmanifest},
    {"icon.svg", asset_icon_svg, sizeof asset_icon_svg},
    {"index.html", asset_index_html, sizeof asset_index_html},
    {"later/askform.js", asset_later_askform_js, sizeof asset_later_askform_js},
    {"later/charts.js", asset_later_charts_js, sizeof asset_later_charts_js},
    {"later/dashboard.js", asset_later_dashboard_js, sizeof asset_later_dashboard_js},
    {"later/dashcommunity.js", asset_later_dashcommunity_js, sizeof asset_later_dashcommunity_js},
    {"later/dashlive.js", asset_later_dashlive_js, sizeof asset_later_dashlive_js},
    {"later/decisions.js", asset_later_decisions_js, sizeof asset_later_decisions_js},
    {"later/discover.js", asset_later_discover_js, sizeof asset_later_discover_js},
    {"later/history.js", asset_later_history_js, sizeof asset_later_history_js},
    {"later/item.js", asset_later_item_js, sizeof asset_later_item_js},
    {"later/itemactions.js", asset_later_itemactions_js, sizeof asset_later_itemactions_js},
    {"later/moderation.js", asset_later_moderation_js, sizeof asset_later_moderation_js},
    {"later/poll.js", asset_later_poll_js, sizeof asset_later_poll_js},
    {"later/privacy.js", asset_later_privacy_js, sizeof asset_later_privacy_js},
    {"later/programs.js", asset_later_programs_js, sizeof asset_later_programs_js},
    {"later/projector.js", asset_later_projector_js, sizeof asset_later_projector_js},
    {"later/qa.js", asset_later_qa_js, sizeof asset_later_qa_js},
    {"later/qadialogs.js", asset_later_qadialogs_js, sizeof asset_later_qadialogs_js},
    {"later/qakeys.js", asset_later_qakeys_js, sizeof asset_later_qakeys_js},
    {"later/qr.js", asset_later_qr_js, sizeof asset_later_qr_js},
    {"later/question.js", asset_later_question_js, sizeof asset_later_question_js},
    {"later/queue.js", asset_later_queue_js, sizeof asset_later_queue_js},
    {"later/queuefilters.js", asset_later_queuefilters_js, sizeof asset_later_queuefilters_js},
    {"later/raid.js", asset_later_raid_js, sizeof asset_later_raid_js},
    {"later/review.js", asset_later_review_js, sizeof asset_later_review_js},
    {"later/reviewdialogs.js", asset_later_reviewdialogs_js, sizeof asset_later_reviewdialogs_js},
    {"later/rules.js", asset_later_rules_js, sizeof asset_later_rules_js},
    {"later/tryout.js", asset_later_tryout_js, sizeof asset_later_tryout_js},
    {"later/webhooks.js", asset_later_webhooks_js, sizeof asset_later_webhooks_js},
    {"lib/dom.js", asset_lib_dom_js, sizeof asset_lib_dom_js},
    {"lib/emoji.js", asset_lib_emoji_js, sizeof asset_lib_emoji_js},
    {"lib/i18n.js", asset_lib_i18n_js, sizeof asset_lib_i18n_js},
    {"lib/keyed.js", asset_lib_keyed_js, sizeof asset_lib_keyed_js},
    {"lib/keymap.js", asset_lib_keymap_js, sizeof asset_lib_keymap_js},
    {"lib/pinyin.js", asset_lib_pinyin_js, sizeof asset_lib_pinyin_js},
    {"lib/storage.js", asset_lib_storage_js, sizeof asset_lib_storage_js},
    {"lib/store.js", asset_lib_store_js, sizeof asset_lib_store_js},
    {"lib/time.js", asset_lib_time_js, sizeof asset_lib_time_js},
    {"main.js", asset_main_js, sizeof asset_main_js},
    {"model/app.js", asset_model_app_js, sizeof asset_model_app_js},
    {"model/asides.js", asset_model_asides_js, sizeof asset_model_asides_js},
    {"model/community.js", asset_model_community_js, sizeof asset_model_community_js},
    {"model/drafts.js", asset_model_drafts_js, sizeof asset_model_drafts_js},
    {"model/live.js", asset_model_live_js, sizeof asset_model_live_js},
    {"model/outbox.js", asset_model_outbox_js, sizeof asset_model_outbox_js},
    {"model/people.js", asset_model_people_js, sizeof asset_model_people_js},
    {"model/quoted.js", asset_model_quoted_js, sizeof asset_model_quoted_js},
    {"model/recommendations.js", asset_model_recommendations_js, sizeof asset_model_recommendations_js},
    {"model/timeline.js", asset_model_timeline_js, sizeof asset_model_timeline_js},
    {"model/timelines.js", asset_model_timelines_js, sizeof asset_model_timelines_js},
    {"net/files.js", asset_net_files_js, sizeof asset_net_files_js},
    {"net/http.js", asset_net_http_js, sizeof asset_net_http_js},
    {"net/socket.js", asset_net_socket_js, sizeof asset_net_socket_js},
    {"style/app.css", asset_style_app_css, sizeof asset_style_app_css},
    {"style/base.css", asset_style_base_css, sizeof asset_style_base_css},
    {"style/composer.css", asset_style_composer_css, sizeof asset_style_composer_css},
    {"style/dashboard.css", asset_style_dashboard_css, sizeof asset_style_dashboard_css},
    {"style/discover.css", asset_style_discover_css, sizeof asset_style_discover_css},
    {"style/frame.css", asset_style_frame_css, sizeof asset_style_frame_css},
    {"style/hall.css", asset_style_hall_css, sizeof asset_style_hall_css},
    {"style/lists.css", asset_style_lists_css, sizeof asset_style_lists_css},
    {"style/log.css", asset_style_log_css, sizeof asset_style_log_css},
    {"style/narrow.css", asset_style_narrow_css, sizeof asset_style_narrow_css},
    {"style/qa.css", asset_style_qa_css, sizeof asset_style_qa_css},
    {"style/review.css", asset_style_review_css, sizeof asset_style_review_css},
    {"text/live.js", asset_text_live_js, sizeof asset_text_live_js},
    {"text/members.js", asset_text_members_js, sizeof asset_text_members_js},
    {"text/moderators.js", asset_text_moderators_js, sizeof asset_text_moderators_js},
    {"text/texts.js", asset_text_texts_js, sizeof asset_text_texts_js},
    {"view/announcer.js", asset_view_announcer_js, sizeof asset_view_announcer_js},
    {"view/attached.js", asset_view_attached_js, sizeof asset_view_attached_js},
    {"view/attachments.js", asset_view_attachments_js, sizeof asset_view_attachments_js},
    {"view/bots.js", asset_view_bots_js, sizeof asset_view_bots_js},
    {"view/completion.js", asset_view_completion_js, sizeof asset_view_completion_js},
    {"view/composer.js", asset_view_composer_js, sizeof asset_view_composer_js},
    {"view/emojipicker.js", asset_view_emojipicker_js, sizeof asset_view_emojipicker_js},
    {"view/growingfield.js", asset_view_growingfield_js, sizeof asset_view_growingfield_js},
    {"view/help.js", asset_view_help_js, sizeof asset_view_help_js},
    {"view/livestrip.js", asset_view_livestrip_js, sizeof asset_view_livestrip_js},
    {"view/log.js", asset_view_log_js, sizeof asset_view_log_js},
    {"view/logbars.js", asset_view_logbars_js, sizeof asset_view_logbars_js},
    {"view/logkeys.js", asset_view_logkeys_js, sizeof asset_view_logkeys_js},
    {"view/logrows.js", asset_view_logrows_js, sizeof asset_view_logrows_js},
    {"view/logseen.js", asset_view_logseen_js, sizeof asset_view_logseen_js},
    {"view/logstatus.js", asset_view_logstatus_js, sizeof asset_view_logstatus_js},
    {"view/markdown.js", asset_view_markdown_js, sizeof asset_view_markdown_js},
    {"view/message.js", asset_view_message_js, sizeof asset_view_message_js},
    {"view/notify.js", asset_view_notify_js, sizeof asset_view_notify_js},
    {"view/parts.js", asset_view_parts_js, sizeof asset_view_parts_js},
    {"view/profile.js", asset_view_profile_js, sizeof asset_view_profile_js},
    {"view/room.js", asset_view_room_js, sizeof asset_view_room_js},
    {"view/roomactions.js", asset_view_roomactions_js, sizeof asset_view_roomactions_js},
    {"view/roomdialogs.js", asset_view_roomdialogs_js, sizeof asset_view_roomdialogs_js},
    {"view/rooms.js", asset_view_rooms_js, sizeof asset_view_rooms_js},
    {"view/roster.js", asset_view_roster_js, sizeof asset_view_roster_js},
    {"view/router.js", asset_view_router_js, sizeof asset_view_router_js},
    {"view/search.js", asset_view_search_js, sizeof asset_view_search_js},
    {"view/settings.js", asset_view_settings_js, sizeof asset_view_settings_js},
    {"view/shell.js", asset_view_shell_js, sizeof asset_view_shell_js},
    {"view/sidebar.js", asset_view_sidebar_js, sizeof asset_view_sidebar_js},
    {"view/sidepane.js", asset_view_sidepane_js, sizeof asset_view_sidepane_js},
    {"view/signin.js", asset_view_signin_js, sizeof asset_view_signin_js},
    {"view/switcher.js", asset_view_switcher_js, sizeof asset_view_switcher_js},
    {"view/thread.js", asset_view_thread_js, sizeof asset_view_thread_js},
    {"view/threadname.js", asset_view_threadname_js, sizeof asset_view_threadname_js},
};

const size_t lyceum_web_asset_count = 107;

struct lyceum_web_asset lyceum_web_asset_at(size_t index) { return assets[index]; }
